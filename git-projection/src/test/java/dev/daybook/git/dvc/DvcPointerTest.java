package dev.daybook.git.dvc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.daybook.git.dvc.DvcCache.Stored;
import dev.daybook.lifecycle.ArtifactTraits;
import dev.daybook.lifecycle.Event.ArtifactAdded;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** What DVC 3.67.1 with ruamel.yaml 0.19.1 has written is what is written here. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class DvcPointerTest {

    private static final String MD5 = "9dd4e461268c8034f5c8564e155c67a6";

    /** Each has a path, the text of its pointer, and a hash if it is not {@link #MD5}. */
    @Test
    void pointers_to_odd_names_and_hashes_are_those_of_dvc_to_the_byte() throws IOException {
        try (var golden = DvcPointerTest.class.getResourceAsStream("pointers.golden.json")) {
            assertThat(golden).isNotNull();
            for (var each : Json.read(golden.readAllBytes())) {
                var path = each.path("path").asText();
                var artifact =
                        new ArtifactAdded("in/" + path, "md5", each.path("md5").asText(MD5), 1, 1);
                assertThat(text(DvcPointer.write(artifact)))
                        .as(path)
                        .isEqualTo(each.path("text").asText());
            }
        }
    }

    @Test
    void a_folder_has_its_number_of_files_and_a_program_its_bit() {
        assertThat(text(DvcPointer.write(new ArtifactAdded("data", "md5", MD5 + ".dir", 7, 8))))
                .isEqualTo("outs:\n- md5: " + MD5 + ".dir\n  size: 7\n  nfiles: 8\n  hash: md5\n  path: data\n");
        var traits = new ArtifactTraits(true, 0, Optional.empty(), Optional.empty(), Optional.empty(), List.of());
        assertThat(text(DvcPointer.write(new ArtifactAdded("run.sh", "md5", MD5, 10, 1, traits))))
                .isEqualTo("outs:\n- md5: " + MD5 + "\n  size: 10\n  isexec: true\n  hash: md5\n  path: run.sh\n");
    }

    @Test
    void a_folders_list_is_that_of_dvc_to_the_byte() {
        var files = new TreeMap<String, Stored>(DirObject.ORDER);
        files.put("A", new Stored("7fc56270e7a70fa81a5935b72eacbe29", 1, 1));
        files.put("a", new Stored("0cc175b9c0f1b6a831c399e269772661", 1, 1));
        files.put("\ud83d\ude00", new Stored("03c7c0ace395d80182db07ae2c30f034", 1, 1));
        files.put("\ue000", new Stored("83878c91171338902e0fe0fb97a8c47a", 1, 1));
        files.put("\u007fdel", new Stored("8277e0910d750195b448797616e091ad", 1, 1));
        files.put("\u00e9 \u00fc", new Stored("d41d8cd98f00b204e9800998ecf8427e", 0, 1));
        files.put("sub/deep/b", new Stored("92eb5ffee6ae2fec3ad71c777531578f", 1, 1));
        files.put("q\"uo'te", new Stored("c4ca4238a0b923820dcc509a6f75849b", 1, 1));

        var list = DirObject.of(files);

        assertThat(list.text())
                .endsWith("{\"md5\": \"8277e0910d750195b448797616e091ad\", \"relpath\": \"\\u007fdel\"}, "
                        + "{\"md5\": \"d41d8cd98f00b204e9800998ecf8427e\", \"relpath\": \"\\u00e9 \\u00fc\"}, "
                        + "{\"md5\": \"83878c91171338902e0fe0fb97a8c47a\", \"relpath\": \"\\ue000\"}, "
                        + "{\"md5\": \"03c7c0ace395d80182db07ae2c30f034\", \"relpath\": \"\\ud83d\\ude00\"}]");
        assertThat(list.hash()).isEqualTo("7cfd0f585d866584802aec693d81e6b3.dir");
    }

    @Test
    void a_pointer_keeps_what_else_was_said() {
        var before = "# ours\nouts:\n- md5: " + "0".repeat(32)
                + "\n  size: 9\n  hash: md5\n  path: model.bin\n  desc: the weights\nmeta:\n  owner: Ada\n";
        var artifact = new ArtifactAdded("models/model.bin", "md5", MD5, 1, 1);

        assertThat(DvcPointer.rewrite("model.bin.dvc", bytes(before), artifact).map(DvcPointerTest::text))
                .contains(before.replace("0".repeat(32), MD5).replace("size: 9", "size: 1"));
    }

    @Test
    void a_pointer_to_a_folder_keeps_what_else_was_said_when_its_number_of_files_changes() {
        var before = "outs:\n- md5: " + MD5 + ".dir\n  size: 9\n  nfiles: 3 # scans\n  hash: md5\n  path: data\n"
                + "  desc: raw scans\n";
        var artifact = new ArtifactAdded("data", "md5", MD5 + ".dir", 12, 4);

        assertThat(DvcPointer.rewrite("data.dvc", bytes(before), artifact).map(DvcPointerTest::text))
                .contains(before.replace("size: 9", "size: 12").replace("nfiles: 3", "nfiles: 4"));
    }

    @Test
    void a_pointer_to_something_else_is_not_kept() {
        var artifact = new ArtifactAdded("model.bin", "md5", MD5, 1, 1);
        for (var before : List.of(
                "deps:\n- path: x\nouts:\n- md5: a\n  size: 1\n  hash: md5\n  path: model.bin\n",
                "outs:\n- md5: a\n  size: 1\n  hash: md5\n  path: other.bin\n",
                "outs:\n- md5: a\n  size: 1\n  path: model.bin\n",
                "outs:\n- md5: a.dir\n  size: 1\n  nfiles: 2\n  hash: md5\n  path: model.bin\n",
                "x: 1\n")) {
            assertThat(DvcPointer.rewrite("model.bin.dvc", bytes(before), artifact))
                    .as(before)
                    .isEmpty();
        }
    }

    @Test
    void data_are_ignored_by_name_as_dvc_does_it() {
        assertThat(ignoring("", "model.bin")).isEqualTo("/model.bin\n");
        assertThat(ignoring("/x\n", "it's \u00e9 [1]*!.bin")).isEqualTo("/x\n/it's \u00e9 \\[1\\]\\*\\!.bin\n");
        assertThat(ignoring("/x", "na me: #1.bin")).isEqualTo("/x\n/na me: \\#1.bin\n");
        assertThat(ignoring("/model.bin\r\n/x\n", "x")).isEqualTo("/model.bin\r\n/x\n");
        assertThat(ignoring("", "end ")).isEqualTo("/end\\ \n");
    }

    private static String ignoring(String before, String name) {
        return text(DvcPointer.ignoring(bytes(before), name));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
