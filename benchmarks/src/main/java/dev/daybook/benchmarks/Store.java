package dev.daybook.benchmarks;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;

/** What a competitor keeps records in. Everything that is not logging (opening, Git, the experiment) is done when it is made. */
interface Store extends Closeable {

    /** The number of the one metric, for those who do not know names. */
    int METRIC = 3;

    /** How a thread logs; called on that thread. */
    Recorder recorder() throws IOException;

    /** How many records are kept, counted by reading what can be read; that the work was really done. */
    long records() throws IOException;

    /** Where the records lie on disk. */
    Path folder();
}
