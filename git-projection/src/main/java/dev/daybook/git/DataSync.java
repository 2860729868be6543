package dev.daybook.git;

import dev.daybook.Progress;
import dev.daybook.RepositoryException;
import dev.daybook.git.DataNeeds.Need;
import dev.daybook.git.DataNeeds.Use;
import dev.daybook.git.dvc.DataTransfer;
import dev.daybook.git.dvc.DvcCache;
import dev.daybook.git.dvc.DvcProject;
import dev.daybook.git.dvc.DvcRemote;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;

/**
 * Brings data to or from DVC's remotes: those that are folders by itself; of the others, which only DVC can reach, it says what to run.
 */
final class DataSync {

    /** A command names no more experiments; beyond that it is for all. */
    private static final int MOST_WORDS = 100;

    private final Repository repository;
    private final Path workTree;
    private final boolean isPush;
    private final String gitRemote;
    private final TransferOptions options;
    private final List<String> warnings = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();
    private long objects;
    private long bytes;

    /**
     * @param isPush or pull
     * @param gitRemote for the command to run
     */
    DataSync(Repository repository, boolean isPush, String gitRemote, TransferOptions options) {
        this.repository = repository;
        this.workTree = repository.getWorkTree().toPath().toAbsolutePath().normalize();
        this.isPush = isPush;
        this.gitRemote = gitRemote;
        this.options = options;
    }

    long objects() {
        return objects;
    }

    long bytes() {
        return bytes;
    }

    List<String> warnings() {
        return warnings;
    }

    List<String> problems() {
        return problems;
    }

    private record Way(Path project, Optional<String> remote) {}

    /**
     * Copies what is needed and missing.
     *
     * @throws RepositoryException if a folder cannot be written
     */
    void run(DataNeeds needs) throws IOException {
        var ways = needs.needs().stream()
                .collect(Collectors.groupingBy(
                        need -> new Way(need.project(), need.remote()), LinkedHashMap::new, Collectors.toList()));
        for (var way : ways.entrySet()) {
            var found = DvcRemote.of(way.getKey().project(), way.getKey().remote());
            var folder = found.flatMap(DvcRemote::folder);
            if (found.isPresent() && folder.isPresent()) {
                copy(way.getKey().project(), found.get(), folder.get(), way.getValue(), needs);
            } else {
                var left = new ArrayList<Need>();
                for (var need : isPush ? way.getValue() : missing(way.getKey().project(), way.getValue())) {
                    needs.lacking(need).ifPresent(left::add);
                }
                if (!left.isEmpty() && found.isPresent()) {
                    leaveToDvc(found.get(), left, needs.checkpoints());
                } else if (!left.isEmpty()) {
                    sayThatNoRemote(way.getKey(), left);
                }
            }
        }
    }

    /** What the cache has not, or not whole. */
    private List<Need> missing(Path project, List<Need> needs) throws IOException {
        // nothing is copied from a cache to itself
        var cache = new DvcProject(project).cache();
        var failures = new DataTransfer(List.of(), cache, (done, all) -> {})
                .copy(hashes(needs))
                .failures();
        return needs.stream().filter(need -> failures.containsKey(need.hash())).toList();
    }

    private static List<String> hashes(Collection<Need> needs) {
        return needs.stream().map(Need::hash).toList();
    }

    private void copy(Path project, DvcRemote remote, Path folder, List<Need> needs, DataNeeds asked)
            throws IOException {
        var cache = new DvcProject(project).cache();
        var store = DvcCache.at(folder);
        var sources = new ArrayList<>(List.of(isPush ? cache : store));
        for (var other : WorkTrees.others(repository)) {
            sources.add(
                    new DvcProject(other.resolve(workTree.relativize(project).toString())).cache());
        }
        boolean isThere = Files.isDirectory(folder);
        if (!isPush) {
            initialize(project);
        }
        var transfer = new DataTransfer(
                sources,
                isPush ? store : cache,
                (done, all) -> options.progress()
                        .at(isPush ? "sending data" : "fetching data", done, all, Progress.Unit.BYTES));
        DataTransfer.Outcome outcome;
        try {
            outcome = transfer.copy(hashes(needs));
        } catch (IOException e) {
            throw new RepositoryException(
                    isPush
                            ? "the data cannot be written to the DVC remote '" + remote.name() + "' (" + e
                                    + "), so nothing was pushed; repair that, or push the experiments alone with --no-data"
                            : "the data of the DVC remote '" + remote.name() + "' cannot be written to the cache (" + e
                                    + "); the experiments are here: repair that, and pull once more",
                    e);
        }
        objects += outcome.objects();
        bytes += outcome.bytes();
        if (!isPush && !isThere && !outcome.failures().isEmpty()) {
            // not one by one
            problems.add("the data of " + experiments(needs) + " could not be fetched, because the DVC remote '"
                    + remote.name() + "' is the folder " + folder
                    + ", which is not there; connect it, or correct .dvc/config, and pull once more");
            return;
        }
        for (var need : needs) {
            var why = outcome.failures().get(need.hash());
            if (why != null) {
                asked.lacking(need).ifPresent(lacking -> sayWhatFailed(lacking, why));
            }
        }
    }

    private void sayWhatFailed(Need need, String why) {
        var byPath =
                need.uses().stream().collect(Collectors.groupingBy(Use::path, LinkedHashMap::new, Collectors.toList()));
        byPath.forEach((path, uses) -> problems.add("the data '" + path + "' (MD5 " + need.hash() + ") of "
                + experiments(uses.stream()) + " could not be " + (isPush ? "sent" : "fetched") + ": " + why
                + (isPush
                        ? "; a clone will lack them, push once more from where they are"
                        : "; push them from where they are, and pull once more")));
    }

    /** Where there is no place for data yet. */
    private void initialize(Path project) throws IOException {
        var dvc = new DvcProject(project);
        if (!dvc.isInitialized()) {
            dvc.initialize();
            warnings.add("the folder " + project.resolve(".dvc")
                    + " was made for the data, and 'dvc exp apply' deletes what is in an untracked one; run 'daybook"
                    + " dvc-init', which says what to commit");
        }
    }

    /** Where none was ever configured that is a warning, but one that is named and not there is a mistake. */
    private void sayThatNoRemote(Way way, List<Need> needs) throws IOException {
        var named = way.remote().isPresent() ? way.remote() : DvcRemote.byDefault(way.project());
        var what = named.map(name -> "DVC's configuration has no remote '" + name + "' with a url")
                .orElse(".dvc/config names no remote of DVC's to use");
        var how = "'dvc remote add " + named.map(DataSync::quoted).orElse("-d NAME") + " PLACE'";
        (named.isPresent() ? problems : warnings)
                .add("the data of " + experiments(needs) + " (" + amount(needs) + ") were not "
                        + (isPush ? "sent" : "fetched") + ", because " + what
                        + (isPush
                                ? ": a clone will lack them; add one with " + how + " and push once more"
                                : "; add the one that they were sent to with " + how + " and pull once more"));
    }

    private void leaveToDvc(DvcRemote remote, List<Need> needs, List<ObjectId> checkpoints) {
        var data = "the data of " + experiments(needs) + " (" + amount(needs) + ") are for DVC to "
                + (isPush ? "send to" : "fetch from") + " its remote '" + remote.name() + "' (" + remote.url() + ")";
        if (isPush && remote.isVersioned()) {
            // DVC writes the versions into the files that name the data, and a commit cannot be written to
            warnings.add(
                    data + ", which keeps versions, and to such a remote it sends nothing of commits: a clone will lack"
                            + " what 'dvc push -r " + quoted(remote.name())
                            + "' has not sent out of the work tree before it was saved; use a remote without version_aware for"
                            + " experiments");
            return;
        }
        var verb = isPush ? "push" : "pull";
        // one that has the data is enough
        var names = needs.stream()
                .flatMap(need -> need.experiments().limit(1))
                .distinct()
                .toList();
        var commands = new ArrayList<String>();
        if (!names.isEmpty()) {
            commands.add("dvc exp " + verb + " -r " + quoted(remote.name()) + " " + quoted(gitRemote) + " "
                    + (names.size() > MOST_WORDS
                            ? "-A"
                            : names.stream().map(DataSync::quoted).collect(Collectors.joining(" "))));
        }
        if (needs.stream().anyMatch(need -> need.experiments().findAny().isEmpty())) {
            // DVC looks at the first parents alone, and its command line takes no commits
            commands.add("python3 -c \"from dvc.repo import Repo; Repo()." + (isPush ? "push" : "fetch") + "(revs=["
                    + checkpoints.stream().map(id -> "'" + id.name() + "'").collect(Collectors.joining(", "))
                    + "], remote='" + remote.name().replaceAll("[^A-Za-z0-9_.-]", "") + "')\"");
        }
        warnings.add(data + "; run: " + String.join(" && ", commands));
    }

    /** As a shell takes it for one word. */
    private static String quoted(String word) {
        return word.matches("[A-Za-z0-9_./:@%+=,-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
    }

    private static String amount(List<Need> needs) {
        long sum = needs.stream().mapToLong(Need::bytes).sum();
        return needs.size()
                + (needs.size() == 1 ? " file or folder, " : " files and folders, ")
                + String.format(Locale.ROOT, "%,d bytes", sum);
    }

    private static String experiments(List<Need> needs) {
        return experiments(needs.stream().flatMap(need -> need.uses().stream()));
    }

    private static String experiments(Stream<Use> uses) {
        return ExperimentNames.of(uses.map(Use::experiment).distinct().toList());
    }
}
