package dev.daybook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.daybook.FailingFiles.Cause;
import dev.daybook.FailingFiles.Kind;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Properties;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** That the disk of the tests fails where a real one would, on each JDK. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class FailingFilesTest {

    private static final byte[] BYTES = "some bytes".getBytes(StandardCharsets.UTF_8);

    @TempDir
    private Path folder;

    /** Each of the JDK's ways to touch a file. */
    private enum Way {
        CHANNEL_WRITE(Kind.WRITE) {
            @Override
            void go(Path folder) throws IOException {
                try (var channel = channel(folder)) {
                    channel.write(ByteBuffer.wrap(BYTES));
                }
            }
        },
        CHANNEL_WRITE_AT(Kind.WRITE) {
            @Override
            void go(Path folder) throws IOException {
                try (var channel = channel(folder)) {
                    channel.write(ByteBuffer.wrap(BYTES), 3);
                }
            }
        },
        CHANNEL_OF_A_FILE_WRITE(Kind.WRITE) {
            @Override
            void go(Path folder) throws IOException {
                try (var file = new RandomAccessFile(old(folder).toFile(), "rw")) {
                    file.getChannel().write(ByteBuffer.wrap(BYTES), 3);
                }
            }
        },
        CHANNEL_TRANSFER(Kind.WRITE) {
            @Override
            void go(Path folder) throws IOException {
                var source = Files.write(folder.resolve("source"), BYTES);
                try (var from = FileChannel.open(source);
                        var channel = channel(folder)) {
                    channel.transferFrom(from, 0, BYTES.length);
                }
            }
        },
        CHANNEL_TRUNCATE(Kind.LENGTH) {
            @Override
            void go(Path folder) throws IOException {
                try (var channel = channel(folder)) {
                    channel.truncate(1);
                }
            }
        },
        CHANNEL_FORCE(Kind.FORCE) {
            @Override
            void go(Path folder) throws IOException {
                try (var channel = channel(folder)) {
                    channel.force(false);
                }
            }
        },
        FOLDER_FORCE(Kind.FORCE) {
            @Override
            void go(Path folder) throws IOException {
                try (var channel = FileChannel.open(folder, StandardOpenOption.READ)) {
                    channel.force(true);
                }
            }
        },
        DESCRIPTOR_SYNC(Kind.FORCE) {
            @Override
            void go(Path folder) throws IOException {
                try (var file = new RandomAccessFile(old(folder).toFile(), "r")) {
                    file.getFD().sync();
                }
            }
        },
        RANDOM_WRITE(Kind.WRITE) {
            @Override
            void go(Path folder) throws IOException {
                try (var file = new RandomAccessFile(old(folder).toFile(), "rw")) {
                    file.writeInt(7);
                }
            }
        },
        RANDOM_LENGTH(Kind.LENGTH) {
            @Override
            void go(Path folder) throws IOException {
                try (var file = new RandomAccessFile(old(folder).toFile(), "rw")) {
                    file.setLength(100);
                }
            }
        },
        RANDOM_OPEN(Kind.OPEN) {
            @Override
            void go(Path folder) throws IOException {
                new RandomAccessFile(folder.resolve("new").toFile(), "rw").close();
            }
        },
        STREAM_WRITE(Kind.WRITE) {
            @Override
            void go(Path folder) throws IOException {
                try (var stream = new FileOutputStream(old(folder).toFile(), true)) {
                    stream.write(BYTES);
                }
            }
        },
        STREAM_OPEN(Kind.OPEN) {
            @Override
            void go(Path folder) throws IOException {
                new FileOutputStream(folder.resolve("new").toFile()).close();
            }
        },
        FILES_WRITE(Kind.WRITE) {
            @Override
            void go(Path folder) throws IOException {
                Files.write(folder.resolve("new"), BYTES);
            }
        },
        FILES_OPEN(Kind.OPEN) {
            @Override
            void go(Path folder) throws IOException {
                Files.createFile(folder.resolve("new"));
            }
        },
        FILES_MOVE(Kind.RENAME) {
            @Override
            void go(Path folder) throws IOException {
                Files.move(old(folder), folder.resolve("new"));
            }
        },
        FILES_LINK(Kind.RENAME) {
            @Override
            void go(Path folder) throws IOException {
                Files.createLink(folder.resolve("new"), old(folder));
            }
        },
        FILES_SYMBOLIC_LINK(Kind.RENAME) {
            @Override
            void go(Path folder) throws IOException {
                Files.createSymbolicLink(folder.resolve("new"), old(folder));
            }
        },
        FILES_FOLDER(Kind.FOLDER) {
            @Override
            void go(Path folder) throws IOException {
                Files.createDirectory(folder.resolve("new"));
            }
        },
        FILES_DELETE(Kind.DELETE) {
            @Override
            void go(Path folder) throws IOException {
                Files.delete(old(folder));
            }
        };

        private final Kind kind;

        Way(Kind kind) {
            this.kind = kind;
        }

        abstract void go(Path folder) throws IOException;

        /** Is there before. */
        private static Path old(Path folder) {
            return folder.resolve("old");
        }

        private static FileChannel channel(Path folder) throws IOException {
            return FileChannel.open(old(folder), StandardOpenOption.WRITE);
        }
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void each_way_fails_once_and_as_the_jdk_says_it_and_then_not_any_more(Way way) throws IOException {
        var old = Files.write(Way.old(folder), BYTES);
        try (var files = FailingFiles.below(folder)) {
            files.fail(way.kind, 1, Cause.FULL, false);

            var thrown = catchThrowable(() -> way.go(folder));

            assertThat(thrown).isInstanceOf(IOException.class);
            if (way != Way.DESCRIPTOR_SYNC) {
                assertThat(thrown).hasMessageContaining("No space left on device");
            }
            assertThat(files.failed().orElseThrow()).startsWith(way.kind + " 1, FULL, ");
            assertThat(old).hasBinaryContent(BYTES);
            Files.deleteIfExists(folder.resolve("new"));
            way.go(folder);
            assertThat(files.calls(way.kind)).isGreaterThanOrEqualTo(2);
        }
    }

    @Test
    void the_wanted_call_fails_or_all_from_it_on() throws IOException {
        try (var files = FailingFiles.below(folder)) {
            files.fail(Kind.FOLDER, 2, Cause.IO, false);
            Files.createDirectory(folder.resolve("1"));
            assertThatThrownBy(() -> Files.createDirectory(folder.resolve("2")))
                    .hasMessageContaining("Input/output error");
            Files.createDirectory(folder.resolve("3"));

            files.fail(Kind.FOLDER, 2, Cause.IO, true);
            Files.createDirectory(folder.resolve("4"));
            for (var name : new String[] {"5", "6"}) {
                assertThatThrownBy(() -> Files.createDirectory(folder.resolve(name)))
                        .hasMessageContaining("Input/output error");
            }

            files.heal();
            Files.createDirectory(folder.resolve("7"));
        }
    }

    @Test
    void nothing_fails_elsewhere_nor_when_it_is_closed() throws IOException {
        var elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
        var here = Files.createDirectory(folder.resolve("here"));
        try (var files = FailingFiles.below(here)) {
            files.fail(Kind.OPEN, 1, Cause.IO, true);
            Files.write(elsewhere.resolve("file"), BYTES);
            // for reading
            Files.readAllBytes(elsewhere.resolve("file"));
            assertThatThrownBy(() -> Files.write(here.resolve("file"), BYTES)).isInstanceOf(IOException.class);
        }
        Files.write(here.resolve("file"), BYTES);
    }

    @Test
    void nothing_fails_while_the_system_properties_are_others() throws IOException {
        var properties = System.getProperties();
        try (var files = FailingFiles.below(folder)) {
            files.fail(Kind.FOLDER, 1, Cause.IO, true);
            System.setProperties(new Properties(properties));
            Files.createDirectory(folder.resolve("1"));
            System.setProperties(properties);
            assertThatThrownBy(() -> Files.createDirectory(folder.resolve("2"))).isInstanceOf(IOException.class);
        } finally {
            System.setProperties(properties);
        }
    }
}
