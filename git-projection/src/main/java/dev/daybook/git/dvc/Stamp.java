package dev.daybook.git.dvc;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** What a file's metadata say of its content: a file that was changed, or replaced, has another stamp than before. */
record Stamp(Map<String, Object> attributes) {

    private static final String UNIX = "unix";

    static Stamp of(Path file) throws IOException {
        boolean isUnix = file.getFileSystem().supportedFileAttributeViews().contains(UNIX);
        return new Stamp(Files.readAttributes(
                file,
                isUnix
                        ? "unix:isRegularFile,size,lastModifiedTime,ctime,fileKey"
                        : "isRegularFile,size,lastModifiedTime,fileKey"));
    }

    boolean isRegularFile() {
        return Boolean.TRUE.equals(attributes.get("isRegularFile"));
    }

    long bytes() {
        return attributes.get("size") instanceof Long size ? size : -1;
    }
}
