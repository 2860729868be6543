package dev.daybook.git;

import dev.daybook.RepositoryException;
import dev.daybook.git.TransferReport.Moved;
import dev.daybook.git.TransferReport.Outcome;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevWalk;

/**
 * Sends experiments: first the data that they refer to, then their refs and those of their notes, so that whoever sees the refs finds the
 * data.
 *
 * <p>Killed at any point it leaves data that nobody names yet, or some of the refs; the next push sends the rest.
 */
final class Push {

    /** What is said of an experiment that went to several places. */
    private static final Comparator<Moved> WORSE = Comparator.<Moved, Boolean>comparing(
                    each -> each.outcome() != Outcome.UP_TO_DATE)
            .thenComparing(Moved::outcome);

    private final Repository repository;
    private final Remote remote;
    private final TransferOptions options;
    private final List<Delivery> deliveries;
    private final List<String> warnings = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();
    private int noted;

    Push(Repository repository, ExperimentRefs refs, Remote remote, TransferOptions options) {
        this.repository = repository;
        this.remote = remote;
        this.options = options;
        this.deliveries = remote.targets().stream()
                .map(target -> new Delivery(repository, refs, target, options))
                .toList();
    }

    /** Asks each place what is there. */
    void ask() {
        deliveries.forEach(Delivery::ask);
    }

    /** Sends, once it has been asked. */
    TransferReport run(OutgoingExperiments experiments) throws IOException {
        var data = new DataSync(repository, true, remote.name(), options);
        for (var each : deliveries) {
            attempt(each, experiments, () -> each.decide(experiments));
        }
        if (options.isWithData()) {
            sendData(data, experiments);
        }
        for (var each : deliveries) {
            attempt(each, experiments, () -> noted = Math.max(noted, each.send()));
        }
        deliveries.forEach(each -> warnings.addAll(each.warnings()));
        deliveries.forEach(each -> problems.addAll(each.problems()));
        warnings.addAll(data.warnings());
        problems.addAll(data.problems());
        return new TransferReport(remote.name(), moved(), noted, data.objects(), data.bytes(), warnings, problems);
    }

    private void sendData(DataSync data, OutgoingExperiments experiments) throws IOException {
        try (var walk = new RevWalk(repository)) {
            var needs = new DataNeeds(repository, walk, experiments.files());
            for (var ref : together(Delivery::present)) {
                needs.add(ExperimentRefs.name(ref.getName()), experiments.commit(ref));
            }
            data.run(needs);
            warnings.addAll(needs.warnings());
            problems.addAll(needs.problems());
            sayWhatLfsNeeds(needs);
        }
    }

    private interface Step {
        void run() throws IOException;
    }

    /** A place that cannot be reached keeps nothing from the others. */
    private void attempt(Delivery delivery, OutgoingExperiments experiments, Step step) throws IOException {
        try {
            step.run();
        } catch (RepositoryException e) {
            if (deliveries.size() == 1) {
                throw e;
            }
            delivery.giveUp(experiments.refs(), e);
        }
    }

    private List<Moved> moved() {
        var moved = new LinkedHashMap<String, Moved>();
        for (var delivery : deliveries) {
            for (var each : delivery.moved()) {
                moved.merge(each.ref(), each, BinaryOperator.maxBy(WORSE));
            }
        }
        return List.copyOf(moved.values());
    }

    private <T> Collection<T> together(Function<Delivery, Collection<T>> part) {
        var all = new LinkedHashSet<T>();
        deliveries.forEach(each -> all.addAll(part.apply(each)));
        return all;
    }

    private void sayWhatLfsNeeds(DataNeeds needs) {
        var outgoing = together(Delivery::outgoing);
        if (needs.isWithLfs() && !outgoing.isEmpty()) {
            outgoing.removeIf(ref -> !ExperimentRefs.isExperiment(ref));
            warnings.add("files that Git LFS keeps do not go along; run: git lfs push " + remote.name() + " "
                    + String.join(" ", outgoing));
        }
    }
}
