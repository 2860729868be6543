package dev.daybook.interop;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.daybook.git.dvc.ParamCase;
import dev.daybook.git.dvc.ParamCases;
import dev.daybook.git.dvc.ParamFile;
import dev.daybook.git.dvc.ParamFileException;
import dev.daybook.lifecycle.ParamValue;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tag;

/**
 * Parameter files before and after an edit, read by Daybook and by DVC's own readers (ruamel.yaml, tomlkit, Python's json): the same values
 * of the same types. One Python process reads thousands of files.
 */
@Tag("interop")
class DvcReadersIT {

    private static final JsonMapper JSON = new JsonMapper();
    private static final long TIMEOUT_SECONDS = 300;

    @Property(tries = 1, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void dvc_reads_every_format_as_it_was_edited(@ForAll("cases") List<ParamCase> cases)
            throws IOException, InterruptedException {
        var lines = new ArrayList<String>();
        for (var edit : cases) {
            var file = edit.document().parse();
            lines.add(line(edit.document().fileName(), file));
            lines.add(line(edit.document().fileName(), file.with(edit.path(), edit.value())));
        }
        assertThat(differences(lines)).containsExactly("{\"cases\": " + lines.size() + "}");
    }

    @Property(tries = 1, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void what_daybook_takes_dvc_takes_for_the_same(@ForAll("damaged") List<ParamCase.Document> documents)
            throws IOException, InterruptedException {
        var lines = new ArrayList<String>();
        for (var document : documents) {
            try {
                var file = document.parse();
                lines.add(line(document.fileName(), file));
                lines.add(line(document.fileName(), file.with(List.of("fresh key"), ParamValue.of(1))));
            } catch (ParamFileException e) {
                // refused, so that there is nothing to compare
                assertThat(e.getMessage()).isNotEmpty();
            }
        }
        assertThat(lines).hasSizeGreaterThan(documents.size() / 10);
        assertThat(differences(lines)).containsExactly("{\"cases\": " + lines.size() + "}");
    }

    private static String line(String fileName, ParamFile file) throws JsonProcessingException {
        return JSON.writeValueAsString(Map.of(
                "name",
                fileName,
                "format",
                fileName.substring(fileName.lastIndexOf('.') + 1),
                "text",
                new String(file.toBytes(), StandardCharsets.UTF_8),
                "values",
                ParamValue.of(file.values()).accept(new Typed())));
    }

    /** What DVC's readers find otherwise, and at the end how many files they were given. */
    private static List<String> differences(List<String> lines) throws IOException, InterruptedException {
        var folder = Files.createTempDirectory("daybook-readers");
        var in = folder.resolve("in");
        var out = folder.resolve("out");
        try {
            Files.write(in, lines);
            var venv = System.getProperty("daybook.interop.venv");
            assertThat(venv).as("set by the profile interop").isNotNull();
            var python = Path.of(venv, "bin", "python").toString();
            var process = new ProcessBuilder(python, "-I", "src/test/python/readers.py")
                    .redirectInput(in.toFile())
                    .redirectOutput(out.toFile())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError("DVC's readers did not end within " + TIMEOUT_SECONDS + " s");
            }
            assertThat(process.exitValue()).isZero();
            return Files.readAllLines(out);
        } finally {
            Files.deleteIfExists(in);
            Files.deleteIfExists(out);
            Files.deleteIfExists(folder);
        }
    }

    /** A value with its type, so that JSON loses neither. */
    private static final class Typed implements ParamValue.Visitor<List<Object>> {
        @Override
        public List<Object> onNull() {
            return List.of("null", "");
        }

        @Override
        public List<Object> onBoolean(boolean value) {
            return List.of("boolean", value);
        }

        @Override
        public List<Object> onLong(long value) {
            return List.of("integer", String.valueOf(value));
        }

        @Override
        public List<Object> onDouble(double value) {
            return List.of("double", Double.toHexString(value));
        }

        @Override
        public List<Object> onString(String value) {
            return List.of("string", value);
        }

        @Override
        public List<Object> onList(List<ParamValue> values) {
            return List.of(
                    "list", values.stream().map(value -> value.accept(this)).toList());
        }

        @Override
        public List<Object> onMap(Map<String, ParamValue> entries) {
            var typed = new LinkedHashMap<String, Object>();
            entries.forEach((key, value) -> typed.put(key, value.accept(this)));
            return List.of("map", typed);
        }
    }

    @Provide
    Arbitrary<List<ParamCase>> cases() {
        return Arbitraries.oneOf(ParamCases.yaml(), ParamCases.json(), ParamCases.toml())
                .list()
                .ofSize(4500);
    }

    @Provide
    Arbitrary<List<ParamCase.Document>> damaged() {
        return ParamCases.damaged().list().ofSize(4500);
    }
}
