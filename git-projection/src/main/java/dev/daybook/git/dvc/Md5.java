package dev.daybook.git.dvc;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** MD5 as 32 hex digits: how DVC names contents. */
final class Md5 {

    private static final int CHUNK_BYTES = 1 << 18;

    private Md5() {}

    static MessageDigest begin() {
        try {
            return MessageDigest.getInstance("MD5");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(
                    "this JVM has no MD5, by which DVC names contents; use one with the usual providers", e);
        }
    }

    static String end(MessageDigest digest) {
        return HexFormat.of().formatHex(digest.digest());
    }

    static String of(byte[] content) {
        var digest = begin();
        digest.update(content);
        return end(digest);
    }

    static String of(ReadableByteChannel content) throws IOException {
        var digest = begin();
        var chunk = ByteBuffer.allocate(CHUNK_BYTES);
        while (content.read(chunk) >= 0) {
            digest.update(chunk.flip());
            chunk.clear();
        }
        return end(digest);
    }
}
