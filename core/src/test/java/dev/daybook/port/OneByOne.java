package dev.daybook.port;

import dev.daybook.lifecycle.Code;
import dev.daybook.lifecycle.Event.SavePrepared;
import dev.daybook.port.Projection.Published;
import java.util.List;
import java.util.Optional;

/** A batch that writes each save by itself. */
record OneByOne(InMemoryProjection projection) implements SaveBatch {

    @Override
    public SavePrepared prepare(ExperimentSource source, String name, Optional<Code> code) {
        return projection.prepare(source, name, code);
    }

    @Override
    public void force() {
        // each one was, when it was prepared; it may fail all the same
        projection.reachForce();
    }

    @Override
    public void publishTogether(List<Prepared> saves) {
        // each one by itself
    }

    @Override
    public Published publish(Prepared save) {
        return projection.publish(save.source(), save.save());
    }

    @Override
    public void close() {
        // nothing is kept
    }
}
