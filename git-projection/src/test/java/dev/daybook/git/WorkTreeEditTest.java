package dev.daybook.git;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.daybook.DaybookException;
import dev.daybook.RepositoryException;
import dev.daybook.lifecycle.ParamKey;
import dev.daybook.lifecycle.ParamValue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A parameter file of the work tree, edited itself. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class WorkTreeEditTest {

    private static final Map<ParamKey, ParamValue> LR = Map.of(ParamKey.of("lr"), ParamValue.of(0.5));

    @TempDir
    Path temp;

    private GitRepo repo;
    private GitProjection projection;

    @BeforeEach
    void make_a_repository() {
        repo = GitRepo.reference(temp.resolve("repo"));
        projection = repo.open();
    }

    @AfterEach
    void nothing_is_left_beside_the_files() throws IOException {
        projection.close();
        try (var files = Files.walk(repo.top)) {
            assertThat(files.map(file -> file.getFileName().toString())).noneMatch(name -> name.endsWith(".tmp"));
        }
    }

    private String text(String file) throws IOException {
        return Files.readString(repo.top.resolve(file));
    }

    @Test
    void changes_the_values_and_keeps_every_other_byte_and_the_mode() throws IOException {
        var file = repo.top.resolve("params.yaml");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-x--x"));
        var values = new LinkedHashMap<>(LR);
        values.put(ParamKey.of("model", "name"), ParamValue.of("vit"));

        try (var edit = projection.editParams("params.yaml", values)) {
            assertThat(text("params.yaml")).isEqualTo(GitRepo.PARAMS);
            edit.apply();
        }

        assertThat(text("params.yaml"))
                .isEqualTo(GitRepo.PARAMS.replace("0.1 ", "0.5 ").replace("resnet", "vit"));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rwxr-x--x");
        assertThat(repo.git("status", "--porcelain")).isEqualTo(" M params.yaml");
    }

    @Test
    void leaves_the_file_alone_if_it_is_not_applied() throws IOException {
        projection.editParams("params.yaml", LR).close();

        assertThat(text("params.yaml")).isEqualTo(GitRepo.PARAMS);
        // and the next one is not kept waiting
        try (var edit = projection.editParams("params.yaml", LR)) {
            edit.apply();
        }
        assertThat(text("params.yaml")).contains("lr: 0.5");
    }

    @Test
    void refuses_what_is_no_parameter_file_of_the_work_tree() throws IOException {
        var top = repo.top.toRealPath();
        var outside = Files.writeString(temp.resolve("outside.yaml"), "lr: 1\n");
        Files.createSymbolicLink(repo.top.resolve("link.yaml"), outside);
        Files.createSymbolicLink(repo.top.resolve("inner.yaml"), Path.of("params.yaml"));
        Files.createSymbolicLink(repo.top.resolve("up"), temp);
        Files.createDirectories(repo.top.resolve("folder.yaml"));
        GitRepo.init(repo.top.resolve("nested")).write("params.yaml", "lr: 1\n");
        var refusals = Map.of(
                "none.yaml",
                "there is no " + top + "/none.yaml; write the file first, with what the training code expects",
                "link.yaml",
                top + "/link.yaml is a symbolic link; name the file that it stands for",
                "inner.yaml",
                top + "/inner.yaml is a symbolic link; name the file that it stands for",
                "up/outside.yaml",
                top + "/up is a symbolic link; name the file that it stands for",
                "folder.yaml",
                top + "/folder.yaml is no file; name the parameter file",
                "train.py/x.yaml",
                top + "/train.py is no folder; name the parameter file",
                "nested/params.yaml",
                top + "/nested belongs to Git or to another repository; open that one",
                "../outside.yaml",
                "it is no path that a commit may hold; name it from the repository's root",
                ".git/x.yaml",
                "it is no path that a commit may hold; name it from the repository's root");

        refusals.forEach((file, reason) -> assertThatThrownBy(() -> projection.editParams(file, LR))
                .isInstanceOf(RepositoryException.class)
                .hasMessage("the parameter file " + file + " cannot be edited: " + reason));

        assertThat(outside).hasContent("lr: 1");
    }

    @Test
    void refuses_git_s_own_folder_under_any_name() throws IOException {
        repo.git("init", "-q", "--separate-git-dir", repo.top.resolve("gits").toString());
        Files.writeString(repo.top.resolve("gits/params.yaml"), "lr: 1\n");
        try (var separate = repo.open()) {
            assertThatThrownBy(() -> separate.editParams("gits/params.yaml", LR))
                    .hasMessageEndingWith("/gits belongs to Git or to another repository; open that one");
        }
    }

    @Test
    void writes_all_values_or_none() throws IOException {
        repo.write("conf.toml", "lr = 1\n");
        var values = new LinkedHashMap<>(LR);
        values.put(ParamKey.of("none"), ParamValue.ofNull());

        assertThatThrownBy(() -> projection.editParams("conf.toml", values))
                .isInstanceOf(DaybookException.class)
                .hasMessage("conf.toml: TOML has no null; leave the key out, or keep the parameter in a YAML file");

        assertThat(text("conf.toml").getBytes(UTF_8)).isEqualTo("lr = 1\n".getBytes(UTF_8));
    }
}
