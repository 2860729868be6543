package dev.daybook;

import dev.daybook.port.JournalProvider;
import dev.daybook.port.ProjectionProvider;
import java.util.ServiceLoader;

/** Finds journal and projection with Daybook's own class loader, so that notebooks and application servers work. */
final class Providers {

    private Providers() {}

    static JournalProvider journal() {
        return find(JournalProvider.class);
    }

    static ProjectionProvider projection() {
        return find(ProjectionProvider.class);
    }

    private static <T> T find(Class<T> type) {
        return ServiceLoader.load(type, Daybook.class.getClassLoader())
                .findFirst()
                .orElseThrow(() -> new DaybookException("no " + type.getSimpleName()
                        + " is on the class path; depend on dev.daybook:daybook, which brings it"));
    }
}
