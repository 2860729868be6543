package dev.daybook.git;

import dev.daybook.RepositoryException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;

/** Another repository that git reaches by a name or an address. */
final class Remote {

    private static final String SETTINGS =
            "^(core\\.sshcommand|remote\\.pushdefault|remote\\..*\\.(url|pushurl|receivepack|uploadpack|proxy|proxyauthmethod)"
                    + "|branch\\..*\\.(remote|pushremote))$";

    /** What holds for an address as it does for the name that has it. */
    private static final List<String> MANNERS = List.of("receivepack", "uploadpack", "proxy", "proxyauthmethod");

    private final RemoteGit git;
    private final String name;
    private final String address;
    private final Map<String, String> settings;
    private final Map<String, String> environment;

    /**
     * @param name as it is shown
     * @param address for git
     * @param settings the newest of each
     */
    private Remote(
            RemoteGit git, String name, String address, Map<String, String> settings, Map<String, String> environment) {
        this.git = git;
        this.name = name;
        this.address = address;
        this.settings = settings;
        this.environment = environment;
    }

    /**
     * The one that was asked for, else git's own choice for the branch that is checked out, else {@code origin}, else the only one.
     *
     * @param isPush whether it is to be sent to
     * @throws RepositoryException if there is none, or no way to choose
     */
    static Remote choose(RemoteGit git, Repository repository, Optional<String> given, boolean isPush)
            throws IOException {
        var settings = new LinkedHashMap<String, String>();
        git.settings(SETTINGS).forEach(entry -> settings.put(entry.getKey(), entry.getValue()));
        var environment = git.silence(Optional.ofNullable(settings.get("core.sshcommand")));
        var name = given.isPresent() ? given.get() : byDefault(repository, settings, isPush);
        if (name.isEmpty() || name.startsWith("-")) {
            throw new RepositoryException("'" + name + "' is no name or address of a remote; " + known(settings));
        }
        return new Remote(git, name, name, settings, environment);
    }

    private static String byDefault(Repository repository, Map<String, String> settings, boolean isPush)
            throws IOException {
        var head = repository.exactRef(Constants.HEAD);
        var branch = head != null && head.isSymbolic()
                ? Repository.shortenRefName(head.getTarget().getName())
                : "";
        var keys = new ArrayList<String>();
        if (isPush) {
            keys.add("branch." + branch + ".pushremote");
            keys.add("remote.pushdefault");
        }
        keys.add("branch." + branch + ".remote");
        for (var key : keys) {
            var value = settings.get(key);
            if (value != null && !value.equals(".")) {
                return value;
            }
        }
        var names = names(settings);
        if (names.contains("origin")) {
            return "origin";
        }
        if (names.size() == 1) {
            return names.get(0);
        }
        throw new RepositoryException(
                "no remote was named, and the branch that is checked out has none; " + known(settings));
    }

    private static List<String> names(Map<String, String> settings) {
        var names = new LinkedHashSet<String>();
        for (var key : settings.keySet()) {
            if (key.startsWith("remote.") && (key.endsWith(".url") || key.endsWith(".pushurl"))) {
                names.add(key.substring("remote.".length(), key.lastIndexOf('.')));
            }
        }
        return List.copyOf(names);
    }

    private static String known(Map<String, String> settings) {
        var names = names(settings);
        return names.isEmpty()
                ? "this repository has no remotes: add one with 'git remote add origin ADDRESS', or give an address"
                : "give one with --remote: " + String.join(", ", names) + ", or an address";
    }

    /** As it is shown. */
    String name() {
        return name;
    }

    /** As git takes it. */
    String address() {
        return address;
    }

    /** The places that a push goes to: this one, unless git sends elsewhere than it fetches from, or to several. */
    List<Remote> targets() {
        // git lists no address that was not given a name
        var listed = run(
                List.of("remote", "-v"),
                names(settings).contains(name) ? Map.of() : settings(Map.of("remote." + name + ".url", name)));
        var urls = urls(listed, "(push)");
        return urls.isEmpty() || urls.equals(urls(listed, "(fetch)"))
                ? List.of(this)
                : urls.stream().map(this::at).toList();
    }

    /** What the repository's own configuration says, with all that it includes; what has no value is true. */
    List<Map.Entry<String, Optional<String>>> settings() {
        var listed = run(List.of("config", "--null", "--list", "--show-scope", "--includes"), Map.of());
        var fields = listed.output().split("\0", -1);
        var found = new ArrayList<Map.Entry<String, Optional<String>>>();
        for (int i = 0; i + 1 < fields.length; i += 2) {
            if (fields[i].equals("local") || fields[i].equals("worktree")) {
                var parts = fields[i + 1].split("\n", 2);
                found.add(Map.entry(parts[0], parts.length > 1 ? Optional.of(parts[1]) : Optional.empty()));
            }
        }
        return found;
    }

    private List<String> urls(RemoteGit.Result listed, String kind) {
        return listed.output()
                .lines()
                .filter(line -> line.startsWith(name + "\t") && line.contains(" " + kind))
                .map(line -> line.substring(name.length() + 1, line.lastIndexOf(" " + kind)))
                .toList();
    }

    /** @param url that git is to take as it is */
    private Remote at(String url) {
        var more = new LinkedHashMap<String, String>();
        more.put("url." + url + ".insteadOf", url);
        more.put("url." + url + ".pushInsteadOf", url);
        for (var manner : MANNERS) {
            var value = settings.get("remote." + name + "." + manner);
            if (value != null) {
                more.put("remote." + url + "." + manner, value);
            }
        }
        var all = new LinkedHashMap<>(environment);
        all.putAll(settings(more));
        return new Remote(git, url.replaceFirst("^(https?://)[^/]*@", "$1"), url, settings, all);
    }

    /** The environment that gives git these settings, behind those that this process was given so. */
    private static Map<String, String> settings(Map<String, String> settings) {
        var given = System.getenv("GIT_CONFIG_COUNT");
        int count = given != null && given.matches("\\d{1,9}") ? Integer.parseInt(given) : 0;
        var environment = new LinkedHashMap<String, String>();
        for (var each : settings.entrySet()) {
            environment.put("GIT_CONFIG_KEY_" + count, each.getKey());
            environment.put("GIT_CONFIG_VALUE_" + count, each.getValue());
            count++;
        }
        environment.put("GIT_CONFIG_COUNT", String.valueOf(count));
        return environment;
    }

    /** Its experiments and checkpoints, and what is noted on them, by their refs. */
    Map<String, ObjectId> refs() {
        var result = run(
                List.of(
                        "ls-remote",
                        "--refs",
                        "--",
                        address,
                        ExperimentRefs.EXPERIMENTS + "*",
                        ExperimentRefs.CHECKPOINTS + "*",
                        AnnotationRefs.PREFIX + "*"),
                Map.of());
        if (!result.isDone()) {
            throw unreachable(result);
        }
        var refs = new TreeMap<String, ObjectId>();
        for (var line : result.output().split("\n", -1)) {
            int tab = line.indexOf('\t');
            if (tab == Constants.OBJECT_ID_STRING_LENGTH) {
                // the patterns would match refs/heads/refs/exps too
                var ref = line.substring(tab + 1);
                if (ref.startsWith(ExperimentRefs.EXPERIMENTS)
                        || ref.startsWith(ExperimentRefs.CHECKPOINTS)
                        || ref.startsWith(AnnotationRefs.PREFIX)) {
                    refs.put(ref, ObjectId.fromString(line.substring(0, tab)));
                }
            }
        }
        return refs;
    }

    RemoteGit.Result run(List<String> arguments, Map<String, String> more) {
        var all = new LinkedHashMap<>(environment);
        all.putAll(more);
        return git.run(all, arguments);
    }

    RepositoryException unreachable(RemoteGit.Result result) {
        return new RepositoryException("the remote '" + name + "' cannot be reached (" + result.complaint()
                + "); 'git remote -v' shows the remotes there are, and 'git ls-remote " + name + "' tries this one");
    }
}
