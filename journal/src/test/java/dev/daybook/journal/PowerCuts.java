package dev.daybook.journal;

import dev.daybook.port.Journal;
import dev.daybook.port.JournalSettings.Force;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/** A journal on a {@link PowerLoss disk whose power may fail}, for whoever works on it as a whole Daybook does. */
public final class PowerCuts {

    private final Force force;
    private final PowerLoss disk;

    /** @param place a folder for the journal */
    public PowerCuts(Path place, Force force) throws IOException {
        this.force = force;
        this.disk = new PowerLoss(Files.createDirectories(place));
    }

    /** The journal, as one process after the other opens it. */
    public Journal open() {
        return disk.open(force);
    }

    /** A call has returned that forces: whatever it has forced is there for sure, with its folder. */
    public void returned() {
        disk.returned();
    }

    /** A moment at which the power may fail. */
    public static final class Cut {

        private final PowerLoss.Moment moment;

        private Cut(PowerLoss.Moment moment) {
            this.moment = moment;
        }

        /** One way how what is left may look, of six that take turns. */
        public void image(int number, Random random, Path into) throws IOException {
            var modes = PowerLoss.modes();
            PowerLoss.image(moment, modes.get(number % modes.size()), random, Files.createDirectories(into));
        }
    }

    public Cut cut() throws IOException {
        return new Cut(disk.now());
    }

    /** The journal that somebody finds when the power is back. */
    public static Journal found(Path image) {
        return Samples.open(image);
    }
}
