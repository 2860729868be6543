package dev.daybook.git.dvc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.daybook.git.dvc.DvcOutputs.Output;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class DvcOutputsTest {

    private static final String HASH = "9dd4e461268c8034f5c8564e155c67a6";

    private static List<Output> outputs(String file, String content) {
        return outputs(file, content, Map.of());
    }

    private static List<Output> outputs(String file, String content, Map<String, String> files) {
        try {
            return DvcOutputs.of(
                    file,
                    content.getBytes(StandardCharsets.UTF_8),
                    path -> Optional.ofNullable(files.get(path)).map(text -> text.getBytes(StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void a_pointer_names_data_beside_it() {
        assertThat(outputs("sub/model.bin.dvc", """
                        outs:
                        - md5: 9dd4e461268c8034f5c8564e155c67a6
                          size: 1
                          hash: md5
                          path: model.bin
                        - md5: 9dd4e461268c8034f5c8564e155c67a6.dir
                          hash: md5
                          remote: other
                          path: ../data
                        """))
                .containsExactly(
                        new Output("sub/model.bin", HASH, 1, 0, Optional.empty(), false, false, true),
                        new Output("data", HASH + ".dir", 0, 0, Optional.of("other"), false, false, true));
    }

    @Test
    void dvc_2_has_written_what_says_no_hash() {
        assertThat(outputs("a.dvc", "outs:\n- md5: " + HASH + "\n  path: a\n"))
                .singleElement()
                .satisfies(output -> assertThat(output.isLegacy()).isTrue());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "outs:\n- path: a\n",
                "outs:\n- path: a\n  etag: x\n",
                "outs:\n- path: a\n  hash: md5\n  md5: ../../x\n",
                "outs:\n- path: a\n  hash: md5\n  md5: " + HASH + "\n  cache: false\n",
                "frozen: true\n",
                ""
            })
    void what_dvc_does_not_cache_is_no_output(String content) {
        assertThat(outputs("a.dvc", content)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "outs:\n- path: a\n  hash: md5\n  md5: " + HASH + "\n  push: false\n",
                "deps:\n- path: a\n  repo:\n    url: u\nouts:\n- path: a\n  hash: md5\n  md5: " + HASH + "\n"
            })
    void what_dvc_would_not_send_says_so(String content) {
        assertThat(outputs("a.dvc", content))
                .singleElement()
                .satisfies(output -> assertThat(output.isSent()).isFalse());
    }

    @Test
    void of_a_lock_the_cached_outputs_count() {
        var lock = """
                schema: '2.0'
                stages:
                  train:
                    cmd: x
                    deps:
                    - path: in
                      hash: md5
                      md5: 00000000000000000000000000000000
                    outs:
                    - path: metrics.json
                      hash: md5
                      md5: 11111111111111111111111111111111
                    - path: model
                      hash: md5
                      md5: 9dd4e461268c8034f5c8564e155c67a6.dir
                      size: 5
                      nfiles: 2
                  many@a:
                    outs:
                    - path: small
                      hash: md5
                      md5: '22222222222222222222222222222222'
                """;
        var yaml = """
                stages:
                  train:
                    cmd: x
                    wdir: run
                    outs:
                    - model
                    metrics:
                    - metrics.json:
                        cache: false
                  many:
                    cmd: y
                    outs:
                    - small:
                        cache: false
                """;

        assertThat(outputs("p/dvc.lock", lock, Map.of("p/dvc.yaml", yaml)))
                .containsExactly(new Output("p/run/model", HASH + ".dir", 5, 2, Optional.empty(), false, false, true));
    }

    @Test
    void where_an_output_of_a_stage_is_sent_the_pipeline_says_and_not_the_lock() {
        var lock = """
                schema: '2.0'
                stages:
                  train:
                    cmd: x
                    outs:
                    - path: model
                      hash: md5
                      md5: 9dd4e461268c8034f5c8564e155c67a6
                    - path: plot.csv
                      hash: md5
                      md5: 11111111111111111111111111111111
                    - path: secret
                      hash: md5
                      md5: 22222222222222222222222222222222
                  many@a:
                    cmd: y
                    outs:
                    - path: a.bin
                      hash: md5
                      md5: '33333333333333333333333333333333'
                """;
        var yaml = """
                stages:
                  train:
                    cmd: x
                    outs:
                    - ./model:
                        remote: other
                    - secret:
                        push: false
                        persist: true
                    plots:
                    - plot.csv:
                        x: step
                        remote: plots
                        push: false
                  many:
                    foreach: [a]
                    do:
                      cmd: y
                      outs:
                      - ${item}.bin:
                          remote: far-${item}
                """;

        assertThat(outputs("p/dvc.lock", lock, Map.of("p/dvc.yaml", yaml)))
                .extracting(Output::path, output -> output.remote().orElse(""), Output::isSent)
                .containsExactly(
                        tuple("p/model", "other", true),
                        tuple("p/plot.csv", "plots", false),
                        tuple("p/secret", "", false),
                        tuple("p/a.bin", "far-a", true));
    }

    @Test
    void what_templates_make_is_where_their_values_say() {
        var lock = """
                schema: '2.0'
                stages:
                  each@one:
                    outs:
                    - path: data
                      hash: md5
                      md5: 9dd4e461268c8034f5c8564e155c67a6
                    - path: one.json
                      hash: md5
                      md5: 11111111111111111111111111111111
                  grid@a-2:
                    outs:
                    - path: data
                      hash: md5
                      md5: 9dd4e461268c8034f5c8564e155c67a6
                """;
        var yaml = """
                stages:
                  each:
                    foreach: ${items}
                    do:
                      wdir: runs/${item.folder}
                      cmd: x
                      outs: [data]
                      metrics: ["${key}.json": {cache: false}]
                  grid:
                    matrix: {x: [a, b], n: [1, 2]}
                    wdir: grid/${item.x}/${item.n}
                    cmd: x
                    outs: [data]
                """;
        var files = Map.of("p/dvc.yaml", yaml, "p/params.yaml", "items: {one: {folder: first}}\n");

        assertThat(outputs("p/dvc.lock", lock, files))
                .extracting(Output::path)
                .containsExactly("p/runs/first/data", "p/grid/a/2/data");
    }

    @Test
    void a_value_that_is_true_or_false_fills_in_an_option_as_such() {
        var lock = """
                schema: '2.0'
                stages:
                  train:
                    cmd: x
                    outs:
                    - path: kept-true
                      hash: md5
                      md5: 9dd4e461268c8034f5c8564e155c67a6
                    - path: small
                      hash: md5
                      md5: 11111111111111111111111111111111
                """;
        var yaml = """
                vars: [{keep: true, big: false}]
                stages:
                  train:
                    cmd: x
                    outs:
                    - kept-${keep}:
                        cache: ${keep}
                        push: ${big}
                    - small:
                        cache: ${big}
                """;

        assertThat(outputs("dvc.lock", lock, Map.of("dvc.yaml", yaml)))
                .containsExactly(new Output("kept-true", HASH, 0, 0, Optional.empty(), false, false, false));
    }

    @Test
    void a_folder_on_a_remote_that_keeps_versions_is_known_by_its_files() {
        var files = """
                files:
                - relpath: sub/b.txt
                  md5: 21ad0bd836b90d08f4cf640b4c298e7c
                  size: 2
                  isexec: true
                - relpath: a.txt
                  md5: 0cc175b9c0f1b6a831c399e269772661
                  size: 1
                  cloud:
                    store:
                      etag: 0cc175b9c0f1b6a831c399e269772661
                      version_id: 28d97c3c
                """;
        var folder = new Output(
                "sub/data", "93c05f516d12266421a528e946068785.dir", 3, 2, Optional.empty(), false, false, true);

        assertThat(outputs("sub/data.dvc", "outs:\n- hash: md5\n  path: data\n" + files.indent(2)))
                .containsExactly(folder);
        assertThat(outputs(
                        "sub/dvc.lock",
                        "schema: '2.0'\nstages:\n  get:\n    cmd: x\n    outs:\n    - path: data\n      hash: md5\n"
                                + files.indent(6)))
                .containsExactly(folder);
        assertThat(outputs("sub/data.dvc", "outs:\n- hash: md5\n  path: data\n  files:\n  - relpath: a.txt\n"))
                .containsExactly(new Output("sub/data", "", 0, 0, Optional.empty(), false, false, true));
    }

    @Test
    void what_cannot_be_read_is_refused() {
        assertThatThrownBy(() -> outputs("a.dvc", "outs: ["))
                .isInstanceOf(ParamFileException.class)
                .hasMessageContaining("a.dvc");
    }
}
