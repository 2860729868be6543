package dev.daybook.git.dvc;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/** The metrics of an experiment as files that DVC plots, in the order in which they were defined. */
public abstract sealed class Plots permits MetricPlots, SamplePlots {

    Plots() {}

    abstract List<PlotName> names();

    /** Writes each file. */
    public abstract void writeTo(FileSink sink) throws IOException;

    /** What the checkpoint that an experiment began with has plotted. */
    public interface Past {

        /** For an experiment that began by itself. */
        Past NONE = path -> new byte[0];

        /**
         * The rows of a file, without the header; none if it is not there.
         *
         * @param path relative to the output folder
         */
        byte[] rows(String path) throws IOException;
    }

    /** Takes a finished file. */
    public interface FileSink {
        /** @param path relative to the output folder */
        void file(String path, long length, InputStream content) throws IOException;
    }
}
