package dev.daybook.git.dvc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.daybook.git.dvc.DvcCache.Stored;
import dev.daybook.git.dvc.DvcPipeline.Found;
import dev.daybook.lifecycle.Event.ArtifactAdded;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The lock is that of {@code dvc repro} 3.67.1 on the pipeline; what is changed in it is written as DVC writes it. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class DvcPipelineTest {

    private static final String PIPELINE = """
            stages:
              prepare:
                cmd: mkdir -p data && cp raw.txt data/r
                deps:
                - raw.txt
                outs:
                - data
              train:
                cmd: cp params.yaml model.bin; echo '{"acc":1}' > scores.json
                deps:
                - data
                - train.py
                params:
                - lr
                - model.depth
                - opt
                - conf.yaml:
                  - x
                outs:
                - model.bin
                metrics:
                - scores.json:
                    cache: false
              each:
                foreach: [a, b]
                do:
                  cmd: echo ${item} > out-${item}
                  outs:
                  - out-${item}
            """;

    private static final String PREPARE = """
              prepare:
                cmd: mkdir -p data && cp raw.txt data/r
                deps:
                - path: raw.txt
                  hash: md5
                  md5: 2306b4377429730ee03a806cff76e92b
                  size: 4
                outs:
                - path: data
                  hash: md5
                  md5: 625caadeaa4a4d854d136665dbd70ce5.dir
                  size: 4
                  nfiles: 1
            """;

    private static final String TRAIN = """
              train:
                cmd: cp params.yaml model.bin; echo '{"acc":1}' > scores.json
                deps:
                - path: data
                  hash: md5
                  md5: 625caadeaa4a4d854d136665dbd70ce5.dir
                  size: 4
                  nfiles: 1
                - path: train.py
                  hash: md5
                  md5: 753474e1388ff8f32f2fb3b8b440ae68
                  size: 6
                params:
                  params.yaml:
                    lr: 0.1
                    model.depth: 3
                    opt:
                      name: adam
                      betas:
                      - 0.9
                      - 1e-08
                      none:
                  conf.yaml:
                    x: hello world
                outs:
                - path: model.bin
                  hash: md5
                  md5: f6c7fe5031c5628fa34af5d1d8e48621
                  size: 80
                - path: scores.json
                  hash: md5
                  md5: 28e1087a118e94a5cef90f2dde10d7f0
                  size: 10
            """;

    private static final String EACH = """
              each@a:
                cmd: echo a > out-a
                outs:
                - path: out-a
                  hash: md5
                  md5: 60b725f10c9c85c70d97880dfe8191b3
                  size: 2
            """;

    private static final String FOLDER_ENTRY = """
                - path: data
                  hash: md5
                  md5: cb1a1a8cbb1e1c9ea4e7ba2b0bd7ab16.dir
                  size: 12
                  nfiles: 3
            """;

    private static final String LOCK = "schema: '2.0'\nstages:\n" + PREPARE + TRAIN + EACH;
    private static final String MD5 = "9dd4e461268c8034f5c8564e155c67a6";

    private final Map<String, String> files = new HashMap<>();

    /** What is no file. */
    private final Map<String, Found> found = new HashMap<>();

    private final Map<String, List<ArtifactAdded>> asked = new HashMap<>();

    @BeforeEach
    void as_it_was_run() {
        files.put("dvc.yaml", PIPELINE);
        files.put("dvc.lock", LOCK);
        files.put(
                "params.yaml",
                "lr: 0.1\nmodel:\n  depth: 3\nopt:\n  name: adam\n  betas: [0.9, 1.0e-8]\n  none: null\n");
        files.put("conf.yaml", "x: hello world\n");
        files.put("raw.txt", "raw\n");
        files.put("train.py", "print\n");
        files.put("scores.json", "{\"acc\":1}\n");
        found.put("data", folder("625caadeaa4a4d854d136665dbd70ce5.dir", 4, 1));
    }

    private static Found folder(String hash, long bytes, long files) {
        return new Found.Data(new Stored(hash, bytes, files), false);
    }

    private DvcPipeline pipeline(ArtifactAdded... artifacts) {
        return new DvcPipeline(
                new DvcPipeline.Files() {
                    @Override
                    public Optional<byte[]> read(String path) {
                        return Optional.ofNullable(files.get(path)).map(text -> text.getBytes(StandardCharsets.UTF_8));
                    }

                    @Override
                    public Found find(String path, Collection<ArtifactAdded> outputs) {
                        asked.put(path, List.copyOf(outputs));
                        return read(path)
                                .<Found>map(content -> new Found.Data(DvcCache.file(content), false))
                                .orElse(found.getOrDefault(path, new Found.Nothing()));
                    }
                },
                List.of(artifacts));
    }

    private static ArtifactAdded model() {
        return new ArtifactAdded("model.bin", "md5", MD5, 1, 1);
    }

    private String locked(DvcPipeline pipeline) throws IOException {
        return pipeline.lock("dvc.yaml")
                .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
                .orElse("unchanged");
    }

    @Test
    void what_has_not_changed_is_left_as_it_is() throws IOException {
        var pipeline = pipeline(new ArtifactAdded("model.bin", "md5", "f6c7fe5031c5628fa34af5d1d8e48621", 80, 1));

        assertThat(locked(pipeline)).isEqualTo("unchanged");
        assertThat(pipeline.handled()).containsExactly("model.bin");
        assertThat(pipeline.warnings()).isEmpty();
        assertThat(locked(pipeline())).isEqualTo("unchanged");
    }

    @Test
    void a_stage_whose_outputs_were_all_added_was_run_with_what_the_commit_has() throws IOException {
        files.compute("params.yaml", (file, text) -> text.replace("lr: 0.1", "lr: 1e-5"));
        files.put("train.py", "other\n");
        files.put("scores.json", "{\"acc\":2}\n");

        assertThat(locked(pipeline(model())))
                .isEqualTo(LOCK.replace("lr: 0.1", "lr: 1e-05")
                        .replace("753474e1388ff8f32f2fb3b8b440ae68", md5("other\n"))
                        .replace("28e1087a118e94a5cef90f2dde10d7f0", md5("{\"acc\":2}\n"))
                        .replace(
                                "md5: f6c7fe5031c5628fa34af5d1d8e48621\n      size: 80",
                                "md5: " + MD5 + "\n      size: 1"));
    }

    @Test
    void a_dependency_that_is_a_folder_is_locked_as_dvc_does_it() throws IOException {
        found.put("data", folder("cb1a1a8cbb1e1c9ea4e7ba2b0bd7ab16.dir", 12, 3));

        assertThat(locked(pipeline(model()))).contains("    deps:\n" + FOLDER_ENTRY + "    - path: train.py\n");
        assertThat(asked.get("data")).containsExactly(model());
    }

    @Test
    void what_a_stage_makes_for_git_may_be_a_folder_too() throws IOException {
        files.put("dvc.yaml", PIPELINE.replace("- scores.json:", "- report:"));
        found.put("report", folder("cb1a1a8cbb1e1c9ea4e7ba2b0bd7ab16.dir", 12, 3));

        assertThat(locked(pipeline(model()))).endsWith(FOLDER_ENTRY.replace("data", "report") + EACH);
    }

    @Test
    void a_dependency_that_cannot_be_read_keeps_its_entry_and_is_reported_unless_it_is_what_it_was()
            throws IOException {
        found.put("data", new Found.Unknown("it is too large", true));
        var unchanged = pipeline(model());

        assertThat(locked(unchanged))
                .contains("    - path: data\n      hash: md5\n      md5: 625caadeaa4a4d854d136665");
        assertThat(unchanged.warnings()).isEmpty();

        found.put("data", new Found.Unknown("it is too large", false));
        var changed = pipeline(model());

        assertThat(locked(changed)).isEqualTo(locked(unchanged));
        assertThat(changed.warnings())
                .containsExactly(
                        "dvc.lock says what it said before of 'data' in stage 'train', because it is too large;"
                                + " run 'dvc commit' after 'dvc exp apply'");
        files.remove("dvc.lock");
        var first = pipeline(model());

        assertThat(locked(first)).doesNotContain("path: data");
        assertThat(first.warnings()).singleElement().asString().startsWith("dvc.lock says nothing of 'data' in stage");
    }

    @Test
    void what_dvc_keeps_and_nobody_added_keeps_its_entry() throws IOException {
        files.put("dvc.yaml", PIPELINE.replace("    - model.bin\n", "    - model.bin\n    - other.bin\n"));
        files.put("other.bin", "somebody else's\n");

        assertThat(locked(pipeline(model()))).doesNotContain("other.bin");
    }

    @Test
    void of_a_stage_that_was_added_in_part_only_that_part_is_written() throws IOException {
        files.put("dvc.yaml", PIPELINE.replace("    - model.bin\n", "    - model.bin\n    - other.bin\n"));
        files.compute("params.yaml", (file, text) -> text.replace("lr: 0.1", "lr: 0.5"));

        assertThat(locked(pipeline(model())))
                .isEqualTo(LOCK.replace(
                        "md5: f6c7fe5031c5628fa34af5d1d8e48621\n      size: 80", "md5: " + MD5 + "\n      size: 1"));
    }

    @Test
    void a_stage_that_was_never_run_gets_a_lock() throws IOException {
        files.remove("dvc.lock");
        files.put("data", "");
        var data = new ArtifactAdded("data", "md5", "625caadeaa4a4d854d136665dbd70ce5.dir", 4, 1);
        var model = new ArtifactAdded("model.bin", "md5", "f6c7fe5031c5628fa34af5d1d8e48621", 80, 1);

        assertThat(locked(pipeline(model, data))).isEqualTo("schema: '2.0'\nstages:\n" + PREPARE + TRAIN);
    }

    @Test
    void a_stage_made_from_a_template_is_left_alone_and_reported() throws IOException {
        var pipeline = pipeline(new ArtifactAdded("out-a", "md5", MD5, 1, 1));

        assertThat(locked(pipeline)).isEqualTo("unchanged");
        assertThat(pipeline.handled()).containsExactly("out-a");
        assertThat(pipeline.warnings())
                .containsExactly("artifact 'out-a' is in DVC's cache, but not in the commit: it is an output of stage"
                        + " 'each@a', which is made from a template, and whose dvc.lock is left as it is");
    }

    /** Each of them would make {@code sub/new-1.bin}. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{foreach: [1, 2], do: {wdir: sub, cmd: x, outs: ['new-${item}.bin']}}",
                "{foreach: {a: {n: 1}}, do: {cmd: x, metrics: ['sub/new-${item[n]}.bin': {cache: false}]}}",
                "{foreach: [{n: 1, m: [2]}], do: {cmd: x, plots: ['sub/new-${item.n}.bin']}}",
                "{foreach: '${numbers}', do: {cmd: x, outs: ['sub/new-${item}.bin']}}",
                "{matrix: {n: '${numbers}', m: [a, b]}, cmd: x, outs: ['sub/new-${item.n}.bin', '${key}']}",
                "{wdir: '${place.folder}', cmd: x, outs: ['new-${numbers[1]}.bin', 'new-${unknown}.bin']}",
                "{vars: [{own: 1}], cmd: x, outs: ['sub/new-${own}.bin']}",
                "{cmd: x, outs: ['sub/${model.depth}', 'sub/new-${flag}.bin', 'sub/new-${one}.bin']}"
            })
    void what_a_template_was_never_run_for_is_left_alone_and_reported(String stage) throws IOException {
        files.put("more.json", "{\"numbers\": [0, 1], \"one\": 1, \"flag\": true}");
        files.put(
                "dvc.yaml",
                "vars: [{place: {folder: sub}}, 'more.json:numbers,one,flag', none.yaml]\nstages: {new: " + stage
                        + "}\n");
        files.remove("dvc.lock");
        var pipeline = pipeline(new ArtifactAdded("sub/new-1.bin", "md5", MD5, 1, 1), model());

        assertThat(locked(pipeline)).isEqualTo("unchanged");
        assertThat(pipeline.handled()).containsExactly("sub/new-1.bin");
        assertThat(pipeline.warnings())
                .singleElement()
                .asString()
                .startsWith(
                        "artifact 'sub/new-1.bin' is in DVC's cache, but not in the commit: it is an output of stage 'new")
                .endsWith("', which is made from a template, and whose dvc.lock is left as it is");
    }

    @ParameterizedTest
    @ValueSource(strings = {"'${unknown}'", "'${model}'", "'\\${numbers}'", "[{cache: false}]"})
    void what_a_template_makes_of_values_that_are_not_here_is_not_known(String out) throws IOException {
        files.put("dvc.yaml", "stages: {new: {cmd: '${x}', outs: [" + out + "]}}\n");
        var pipeline = pipeline(model());

        assertThat(locked(pipeline)).isEqualTo("unchanged");
        assertThat(pipeline.handled()).isEmpty();
        assertThat(pipeline.warnings()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"data/part/one.bin", "data/part", "scores.json/x"})
    void what_is_part_of_an_output_is_left_alone_and_reported(String path) throws IOException {
        var pipeline = pipeline(new ArtifactAdded(path, "md5", MD5, 1, 1));

        assertThat(locked(pipeline)).isEqualTo("unchanged");
        assertThat(pipeline.handled()).containsExactly(path);
        assertThat(pipeline.warnings())
                .singleElement()
                .asString()
                .startsWith("artifact '" + path + "' is in DVC's cache, but not in the commit: it and '")
                .endsWith("' instead");
    }

    @Test
    void what_is_around_an_output_is_left_alone_and_reported() throws IOException {
        files.put("a/dvc.yaml", "stages:\n  s:\n    cmd: run\n    outs:\n    - models/m.bin\n");
        var pipeline = pipeline(new ArtifactAdded("a/models", "md5", MD5 + ".dir", 1, 1));

        assertThat(pipeline.lock("a/dvc.yaml")).isEmpty();
        assertThat(pipeline.handled()).containsExactly("a/models");
        assertThat(pipeline.warnings()).singleElement().asString().contains("it and 'a/models/m.bin', an output of");
    }

    @Test
    void a_pipeline_in_a_folder_may_work_elsewhere() throws IOException {
        files.put("a/b/dvc.yaml", "stages:\n  s:\n    wdir: ..\n    cmd: run\n    outs:\n    - ./m.bin\n");
        var pipeline = pipeline(new ArtifactAdded("a/m.bin", "md5", MD5, 1, 1));

        assertThat(new String(pipeline.lock("a/b/dvc.yaml").orElseThrow(), StandardCharsets.UTF_8))
                .isEqualTo("schema: '2.0'\nstages:\n  s:\n    cmd: run\n    outs:\n    - path: ./m.bin\n"
                        + "      hash: md5\n      md5: " + MD5 + "\n      size: 1\n");
    }

    @Test
    void a_lock_that_is_not_as_dvc_writes_it_is_left_alone_and_reported() throws IOException {
        files.put("dvc.lock", LOCK.replace("  train:\n", "  train: # mine\n"));
        var pipeline = pipeline(model());

        assertThat(locked(pipeline)).isEqualTo("unchanged");
        assertThat(pipeline.warnings()).singleElement().asString().contains("stage 'train' cannot be changed in place");
    }

    private static String md5(String text) {
        return Md5.of(text.getBytes(StandardCharsets.UTF_8));
    }
}
