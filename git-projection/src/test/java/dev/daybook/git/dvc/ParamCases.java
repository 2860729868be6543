package dev.daybook.git.dvc;

import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** Parameter files and edits of each format, for this module's tests and those with the real DVC. */
public final class ParamCases {

    private ParamCases() {}

    /** YAML in block and flow style with comments, quotes and block scalars; without anchors. */
    public static Arbitrary<ParamCase> yaml() {
        return YamlArbitraries.edits().map(edit -> new ParamCase(document(edit.document()), edit.path(), edit.value()));
    }

    public static Arbitrary<ParamCase> json() {
        return JsonArbitraries.cases();
    }

    public static Arbitrary<ParamCase> toml() {
        return TomlArbitraries.cases();
    }

    /** Documents with something put in or taken out at any place; what they hold then, if anything, is not known. */
    public static Arbitrary<ParamCase.Document> damaged() {
        var documents = Arbitraries.oneOf(
                YamlArbitraries.documents().map(ParamCases::document),
                JsonArbitraries.documents(),
                TomlArbitraries.documents());
        return Combinators.combine(
                        documents,
                        damage(),
                        Arbitraries.integers(),
                        Arbitraries.integers().between(0, 2))
                .as((document, damage, place, missing) -> {
                    var text = document.text();
                    int at = Math.floorMod(place, text.length() + 1);
                    int from = Math.min(text.length(), at + missing);
                    return new ParamCase.Document(
                            document.fileName(), text.substring(0, at) + damage + text.substring(from), Map.of());
                });
    }

    private static ParamCase.Document document(YamlArbitraries.Document document) {
        return new ParamCase.Document("conf.yaml", document.text(), document.values());
    }

    private static Arbitrary<String> damage() {
        var pieces = Arbitraries.of(
                "", " ", "\t", "\n", "\r", ":", ": ", "- ", "?", "#", "[", "]", "[[", "{", "}", ",", "=", ".", "'",
                "\"", "\"\"\"", "'''", "\\", "\\u", "NaN", "1", "-", "+", "_", "null", "~", "a = 1\n", "[x]\n", "&a ",
                "*a", "<<: ", "!", "|", ">", "%", "---", "...", "//", "/*", "😀", "\u0000", "\u0085", "\uFEFF");
        return Combinators.combine(pieces, pieces).as(String::concat);
    }
}
