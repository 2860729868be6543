package dev.daybook.git;

import dev.daybook.RepositoryException;
import dev.daybook.git.RemoteGit.Setting;
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

    /** What holds for an address as it does for the name that has it. */
    private static final List<String> MANNERS = List.of("receivepack", "uploadpack", "proxy", "proxyauthmethod");

    private final RemoteGit git;
    private final String name;
    private final String address;
    private final List<Setting> settings;
    private final Map<String, String> environment;

    /**
     * @param name as it is shown
     * @param address for git
     * @param settings all of git's
     */
    private Remote(
            RemoteGit git, String name, String address, List<Setting> settings, Map<String, String> environment) {
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
        var settings = git.settings();
        var environment = git.silence(newest(settings, "core.sshcommand"));
        var name = given.isPresent() ? given.get() : byDefault(repository, settings, isPush);
        if (name.isEmpty() || name.startsWith("-")) {
            throw new RepositoryException("'" + name + "' is no name or address of a remote; " + known(settings));
        }
        return new Remote(git, name, name, settings, environment);
    }

    private static String byDefault(Repository repository, List<Setting> settings, boolean isPush) throws IOException {
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
            var value = newest(settings, key);
            if (value.isPresent() && !value.get().equals(".")) {
                return value.get();
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

    /** The last one counts. */
    private static Optional<String> newest(List<Setting> settings, String key) {
        return settings.stream()
                .filter(setting -> setting.key().equals(key))
                .reduce((first, second) -> second)
                .flatMap(Setting::value);
    }

    private static List<String> names(List<Setting> settings) {
        var names = new LinkedHashSet<String>();
        for (var setting : settings) {
            var key = setting.key();
            if (key.startsWith("remote.") && (key.endsWith(".url") || key.endsWith(".pushurl"))) {
                names.add(key.substring("remote.".length(), key.lastIndexOf('.')));
            }
        }
        return List.copyOf(names);
    }

    private static String known(List<Setting> settings) {
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
        if (!maySendElsewhere()) {
            return List.of(this);
        }
        // git lists no address that was not given a name
        var listed = run(
                List.of("remote", "-v"),
                names(settings).contains(name) ? Map.of() : settings(Map.of("remote." + name + ".url", name)));
        var urls = urls(listed, "(push)");
        return urls.isEmpty() || urls.equals(urls(listed, "(fetch)"))
                ? List.of(this)
                : urls.stream().map(this::at).toList();
    }

    /** If not, git need not be asked. */
    private boolean maySendElsewhere() {
        return count("remote." + name + ".url") > 1
                || count("remote." + name + ".pushurl") > 0
                || settings.stream()
                        .anyMatch(setting -> setting.key().startsWith("url.")
                                && setting.key().endsWith(".pushinsteadof"));
    }

    private long count(String key) {
        return settings.stream().filter(setting -> setting.key().equals(key)).count();
    }

    /** What the repository's own configuration says, with all that it includes. */
    List<Setting> ownSettings() {
        return settings.stream().filter(Setting::isOwn).toList();
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
            newest(settings, "remote." + name + "." + manner)
                    .ifPresent(value -> more.put("remote." + url + "." + manner, value));
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
