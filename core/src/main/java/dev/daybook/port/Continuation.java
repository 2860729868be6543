package dev.daybook.port;

import dev.daybook.lifecycle.ExperimentId;

/**
 * The mark that an experiment goes on in another generation of the same process, because the one before was full. It is no event: nothing has
 * happened to the experiment.
 *
 * @param position where the mark stands
 * @param from the generation that it leaves
 * @param before the end of the stream there
 * @param records all metric records of the experiment before the mark, as far as its writer knew
 * @param cut those in the generation that it leaves
 */
public record Continuation(Position position, ExperimentId id, String from, Tail before, long records, Cut cut) {

    /** The end of the stream behind this mark. */
    public Tail tail() {
        return new Tail(before.events(), before.chain().continued(cut));
    }
}
