package dev.daybook.cli;

import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;

/** JSON as people write it: two spaces, the same line ends everywhere, an item per line, {@code []} where there is none. */
final class PrettyJson extends DefaultPrettyPrinter {

    private static final long serialVersionUID = 1L;

    PrettyJson() {
        super(Separators.createDefaultInstance()
                .withObjectFieldValueSpacing(Separators.Spacing.AFTER)
                .withArrayEmptySeparator("")
                .withObjectEmptySeparator(""));
        var indenter = new DefaultIndenter("  ", "\n");
        indentArraysWith(indenter);
        indentObjectsWith(indenter);
    }

    @Override
    public DefaultPrettyPrinter createInstance() {
        return new PrettyJson();
    }
}
