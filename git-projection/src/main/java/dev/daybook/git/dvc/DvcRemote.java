package dev.daybook.git.dvc;

import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where DVC's configuration sends data.
 *
 * @param name in the configuration
 * @param url as it is there
 * @param isVersioned whether it keeps versions of files, under their own names: DVC then has to write what they are into the files of the
 *     work tree that name the data
 * @param folder absolute, where the remote is a folder of this machine; empty for all other kinds, which only DVC can reach
 */
public record DvcRemote(String name, String url, boolean isVersioned, Optional<Path> folder) {

    private static final Pattern SCHEME = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]+://");

    /** One remote may be given by another one ({@code remote://other/path}); a circle of them is none. */
    private static final int MOST_STEPS = 10;

    /**
     * A remote of a project.
     *
     * @param name empty for the default one ({@code core.remote}), or the only one there is
     * @return empty if there is none, or none of that name
     * @throws IOException if the configuration cannot be read
     */
    public static Optional<DvcRemote> of(Path project, Optional<String> name) throws IOException {
        return of(project, DvcConfig.sections(project), name);
    }

    static Optional<DvcRemote> of(Path project, Map<String, Map<String, String>> sections, Optional<String> name) {
        return name.or(() -> byDefault(sections)).flatMap(wanted -> named(project, sections, wanted));
    }

    /**
     * The name of the default one, which the configuration need not have.
     *
     * @throws IOException if the configuration cannot be read
     */
    public static Optional<String> byDefault(Path project) throws IOException {
        return byDefault(DvcConfig.sections(project));
    }

    private static Optional<String> byDefault(Map<String, Map<String, String>> sections) {
        var chosen = Optional.ofNullable(sections.getOrDefault("core", Map.of()).get("remote"));
        if (chosen.isPresent()) {
            return chosen;
        }
        var all = sections.keySet().stream()
                .filter(section -> section.startsWith("remote \""))
                .map(section -> section.substring("remote \"".length()).replaceAll("\"$", ""))
                .toList();
        return all.size() == 1 ? Optional.of(all.get(0)) : Optional.empty();
    }

    private static Optional<DvcRemote> named(Path project, Map<String, Map<String, String>> sections, String name) {
        return url(sections, name).map(url -> {
            var whole = url;
            var options = new HashMap<>(section(sections, name));
            for (int i = 0; i < MOST_STEPS && whole.startsWith("remote://"); i++) {
                var rest = whole.substring("remote://".length());
                int slash = rest.indexOf('/');
                var other = slash < 0 ? rest : rest.substring(0, slash);
                var below = slash < 0 ? "" : rest.substring(slash);
                section(sections, other).forEach(options::putIfAbsent);
                whole = url(sections, other).map(base -> base + below).orElse(whole);
            }
            boolean isVersioned = isTrue(options, "version_aware") || isTrue(options, "worktree");
            return new DvcRemote(name, url, isVersioned, folder(project, whole));
        });
    }

    private static Optional<String> url(Map<String, Map<String, String>> sections, String name) {
        return Optional.ofNullable(section(sections, name).get("url")).filter(url -> !url.isEmpty());
    }

    private static Map<String, String> section(Map<String, Map<String, String>> sections, String name) {
        return sections.getOrDefault("remote \"" + name.toLowerCase(Locale.ROOT) + "\"", Map.of());
    }

    private static boolean isTrue(Map<String, String> options, String key) {
        return options.getOrDefault(key, "").equalsIgnoreCase("true");
    }

    /** Whether this is no path. */
    static boolean isUrl(String url) {
        return SCHEME.matcher(url).lookingAt();
    }

    private static Optional<Path> folder(Path project, String url) {
        try {
            // file:// too: DVC takes it for a folder below the one in which it runs
            return isUrl(url) || DvcConfig.isOfNamedUser(url)
                    ? Optional.empty()
                    : Optional.of(DvcConfig.resolve(project, url));
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }
}
