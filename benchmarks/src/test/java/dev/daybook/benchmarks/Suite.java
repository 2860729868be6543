package dev.daybook.benchmarks;

import java.util.Locale;

/** What tries to break a promise, and how many rounds are to have come through, over all runs and since its last loss, before it is believed. */
enum Suite {
    WRITERS("nothing acknowledged is lost to kill -9", "dev.daybook.journal.CrashIT", 20, 4_000),
    ROTATION("the same, from one generation to the next", "dev.daybook.journal.RotationCrashIT", 10, 4_000),
    IMAGES("the same, at each moment of a process", "dev.daybook.journal.KillImagesIT", 300, 10_000),
    TRAININGS("the same, and saves and checkpoints happen once", "dev.daybook.git.CrashIT", 10, 5_000),
    SWEEPS(
            "a sweep happens once",
            "dev.daybook.git.SweepCrashIT#a_sweep_or_a_recovery_that_is_killed_anywhere_leaves_each_experiment_once",
            10,
            1_000),
    SECONDS_BESIDE_GC(
            "two processes, gc and git itself at once do no harm",
            "dev.daybook.git.SweepCrashIT#two_processes_save_beside_gc_and_update_ref_and_nothing_is_lost_or_doubled",
            60,
            3_600),
    ARTIFACTS("data are whole or not there", "dev.daybook.git.ArtifactCrashIT", 20, 1_000),
    LIVES("each call in the life of an experiment happens once", "dev.daybook.git.LifecycleCrashIT", 8, 1_000),
    APPLIES("apply is all or nothing", "dev.daybook.git.ApplyCrashIT", 8, 1_000),
    EXCHANGES("push and pull leave nothing half", "dev.daybook.git.ShareCrashIT", 4, 500),
    VERBS("whatever is done with saved experiments loses none", "dev.daybook.git.VerbCrashIT", 8, 500),
    POWER("nothing forced is lost to a power cut", "dev.daybook.journal.PowerLossTest", 10, 30_000),
    CUTS("nor to a Daybook that comes after it", "dev.daybook.PowerCutTest", 100, 30_000),
    FORCES("an error of the disk is no acknowledgement", "dev.daybook.journal.FailingForceTest", 1, 1_000),
    CALLS("the same of each call of the journal on files", "dev.daybook.journal.FileErrorsTest", 6, 10_000),
    STEPS("the same of each call of all steps", "dev.daybook.git.FileErrorsTest", 200, 10_000),
    DEATHS("a call happens or not, wherever its process dies", "dev.daybook.git.DeathTest", 3, 5_000),
    FILES("damage of a file is found", "dev.daybook.journal.RecoveryProperties", 1, 100_000),
    SLOTS("damage of a record is found", "dev.daybook.journal.SlotChecksumProperties", 1, 100_000),
    EVENTS("bytes are an event, or refused", "dev.daybook.codec.EventCodecProperties", 1, 100_000),
    MODEL("state is what the model says", "dev.daybook.DaybookProperties", 1, 100_000),
    ORDER("each thread's records keep their order", "dev.daybook.journal.OrderProperties", 1, 1_000),
    THREADS("logging is linearizable", "dev.daybook.journal.LinearizabilityTest", 1, 0),
    NAMES("no name does harm", "dev.daybook.lifecycle.NamesProperties", 1, 100_000),
    PARAMS("no parameter file does harm", "dev.daybook.git.dvc.ParamFileProperties", 1, 100_000),
    FUZZ("no bytes break a reader", "dev.daybook.git.FuzzIT", 100, 10_000_000);

    private final String promise;
    private final String test;
    private final int rounds;
    private final long goal;

    /**
     * A suite.
     *
     * @param rounds that the test makes in one go, where it can be told that
     * @param goal rounds over all runs, since the last loss; 0: it counts none
     */
    Suite(String promise, String test, int rounds, long goal) {
        this.promise = promise;
        this.test = test;
        this.rounds = rounds;
        this.goal = goal;
    }

    String promise() {
        return promise;
    }

    /** The whole name of the class, or of one of its tests: {@code class#method}. */
    String test() {
        return test;
    }

    /** Of the class. */
    String testName() {
        return test.substring(test.lastIndexOf('.') + 1).replaceFirst("#.*", "");
    }

    int rounds() {
        return rounds;
    }

    long goal() {
        return goal;
    }

    /** In a goal's line. */
    String goalName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
