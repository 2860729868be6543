package dev.daybook.benchmarks;

import java.nio.file.Path;

/** Keeps nothing: what is measured of it is the measuring. */
record NoStore(Path folder) implements Store {

    @Override
    public Recorder recorder() {
        return (step, value) -> {};
    }

    @Override
    public long records() {
        return 0;
    }

    @Override
    public void close() {}
}
