package dev.daybook.git;

import java.io.IOException;
import org.eclipse.jgit.errors.MissingObjectException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes again, where gc has taken what was there, and no ref named, before it was in the pack. */
final class Persistently {

    private static final Logger LOG = LoggerFactory.getLogger(Persistently.class);

    private static final int MOST_TRIES = 20;

    private Persistently() {}

    static <T> T write(Sentences.Work<T> work) throws IOException {
        for (int i = 1; ; i++) {
            try {
                return work.run();
            } catch (MissingObjectException e) {
                if (i == MOST_TRIES) {
                    throw e;
                }
                LOG.info("{}; it is written again, lest gc has taken it", e.getMessage());
            }
        }
    }
}
