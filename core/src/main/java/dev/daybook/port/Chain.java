package dev.daybook.port;

import dev.daybook.lifecycle.ExperimentId;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The hash chain of an experiment: each link is the SHA-256 of the link before, the entry's index and time, its cut and its event's bytes.
 * Whoever knows the last link can tell a journal that was cut, or whose events were edited, not only one whose bits flipped. Of the metric
 * records it holds how many there are and a checksum of 32 bits: who sets out to can change values so that it stays the same.
 *
 * @param hex 64 lower-case hex digits
 */
public record Chain(String hex) {

    /** In place of an index, which no event has. */
    private static final long CONTINUED = -1;

    /** What stands before the first event of an experiment. */
    public static Chain start(ExperimentId id) {
        var buffer = ByteBuffer.allocate(16);
        buffer.putLong(id.uuid().getMostSignificantBits());
        buffer.putLong(id.uuid().getLeastSignificantBits());
        return new Chain(HexFormat.of().formatHex(sha256().digest(buffer.array())));
    }

    public static Chain of(byte[] hash) {
        return new Chain(HexFormat.of().formatHex(hash));
    }

    /**
     * The link behind this one.
     *
     * @param index of the entry in its experiment
     * @param epochMilli the entry's time
     * @param event the event's bytes
     */
    public Chain next(long index, long epochMilli, Cut cut, byte[] event) {
        var digest = sha256();
        digest.update(bytes());
        var buffer = ByteBuffer.allocate(20 + 16 * cut.writers().size());
        buffer.putLong(index).putLong(epochMilli).putInt(cut.writers().size());
        for (var writer : cut.writers()) {
            buffer.putInt(writer.writer()).putLong(writer.records()).putInt(writer.checksum());
        }
        digest.update(buffer.array());
        digest.update(event);
        return of(digest.digest());
    }

    /**
     * The link behind this one where the experiment goes on in the next generation of the same process.
     *
     * @param cut what stands of the experiment in the generation that it leaves
     */
    public Chain continued(Cut cut) {
        return next(CONTINUED, 0, cut, new byte[0]);
    }

    public byte[] bytes() {
        return HexFormat.of().parseHex(hex);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
