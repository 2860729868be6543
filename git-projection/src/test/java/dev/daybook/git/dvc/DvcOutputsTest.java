package dev.daybook.git.dvc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.daybook.git.dvc.DvcOutputs.Output;
import java.nio.charset.StandardCharsets;
import java.util.List;
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
        return DvcOutputs.of(file, content.getBytes(StandardCharsets.UTF_8), Optional.empty());
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

        assertThat(DvcOutputs.of(
                        "p/dvc.lock",
                        lock.getBytes(StandardCharsets.UTF_8),
                        Optional.of(yaml.getBytes(StandardCharsets.UTF_8))))
                .containsExactly(new Output("p/run/model", HASH + ".dir", 5, 2, Optional.empty(), false, false, true));
    }

    @Test
    void what_cannot_be_read_is_refused() {
        assertThatThrownBy(() -> outputs("a.dvc", "outs: ["))
                .isInstanceOf(ParamFileException.class)
                .hasMessageContaining("a.dvc");
    }
}
