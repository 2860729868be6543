package dev.daybook;

import dev.daybook.port.MetricLease;

/**
 * A metric of one experiment: the quick way to log, without looking up a name.
 *
 * <p>Thread-safe: any number of threads log to one metric; each thread's own values keep their order. When {@code log} returns, the value
 * survives the death of the process. Any double is kept as it is, NaN, the infinities and {@code -0.0} too; steps may repeat, skip and go
 * back. A value that is logged while another thread ends the experiment is kept, or the call throws.
 */
public final class Metric {

    private final Experiment experiment;
    private final String name;
    private volatile Target target;

    /**
     * Where records go just now.
     *
     * @param steps for values without one, shared by all targets of the metric in one experiment
     */
    record Target(MetricLease lease, int number, Steps steps) {}

    Metric(Experiment experiment, String name, Target target) {
        this.experiment = experiment;
        this.name = name;
        this.target = target;
    }

    public String name() {
        return name;
    }

    /**
     * Logs a value at a step.
     *
     * @throws IllegalTransitionException if the experiment is not ACTIVE
     * @throws JournalException if it could not be kept
     */
    public void log(long step, double value) {
        var to = target;
        while (!to.lease.publish(to.number, step, value, experiment.millis())) {
            to = renew(to);
        }
        to.steps.logged(step);
    }

    /**
     * Logs a value at the step after the one before; the first is 0.
     *
     * @throws InvalidInputException if the one before is at {@link Long#MAX_VALUE}
     * @throws IllegalTransitionException if the experiment is not ACTIVE
     * @throws JournalException if it could not be kept
     */
    public void log(double value) {
        var to = target;
        long step = to.steps.next(this::lastStep);
        while (!to.lease.publish(to.number, step, value, experiment.millis())) {
            var renewed = renew(to);
            if (!renewed.steps.equals(to.steps)) {
                // The handle has begun another experiment, which counts anew.
                step = renewed.steps.next(this::lastStep);
            }
            to = renewed;
        }
    }

    private long lastStep() {
        return experiment.lastStep(name);
    }

    private Target renew(Target refused) {
        var renewed = experiment.target(name, refused.lease);
        target = renewed;
        return renewed;
    }
}
