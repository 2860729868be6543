package dev.daybook.git.dvc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
class DvcConfigFilesTest {

    private static final Map<String, String> HOME = Map.of("HOME", "/home/ada");

    @TempDir
    Path temp;

    private static List<Path> common(String system, Map<String, String> environment) {
        return new DvcConfigFiles(environment, system).common();
    }

    private static List<Path> paths(String machine, String user) {
        return List.of(Path.of(machine), Path.of(user));
    }

    @Test
    void they_are_where_dvc_looks_for_them() {
        assertThat(common("Linux", HOME)).isEqualTo(paths("/etc/xdg/dvc", "/home/ada/.config/dvc"));
        assertThat(common("Mac OS X", HOME))
                .isEqualTo(paths("/Library/Application Support/dvc", "/home/ada/Library/Application Support/dvc"));
        assertThat(common("Windows 11", Map.of("LOCALAPPDATA", "/local", "PROGRAMDATA", "/data")))
                .isEqualTo(paths("/data/iterative/dvc", "/local/iterative/dvc"));
        assertThat(common("Linux", Map.of("HOME", "/", "XDG_CONFIG_DIRS", "/a:/b", "XDG_CONFIG_HOME", "/mine")))
                .isEqualTo(paths("/a/dvc", "/mine/dvc"));
        assertThat(common("Linux", Map.of("DVC_SYSTEM_CONFIG_DIR", "/s", "DVC_GLOBAL_CONFIG_DIR", "/g")))
                .isEqualTo(paths("/s", "/g"));
    }

    @Test
    void each_wins_over_those_before_it_and_paths_count_from_the_folder_of_their_file() throws IOException {
        var project = temp.resolve("project");
        var machine = temp.resolve("machine");
        var user = temp.resolve("user");
        var files = new DvcConfigFiles(
                Map.of("DVC_SYSTEM_CONFIG_DIR", machine.toString(), "DVC_GLOBAL_CONFIG_DIR", user.toString()), "Linux");
        assertThat(DvcConfig.of(project, DvcConfig.sections(project, files)).cacheDirectory())
                .isEqualTo(project.resolve(".dvc/cache"));

        write(machine, "[core]\nremote = one\n[cache]\ndir = of/machine\ntype = hardlink\n");
        write(user, "[cache]\ndir = ../shared\n['remote \"one\"']\nurl = store\n['remote \"two\"']\nurl = s3://b/c\n");
        var common = DvcConfig.sections(project, files);
        assertThat(DvcConfig.of(project, common)).isEqualTo(new DvcConfig(temp.resolve("shared"), true, false));
        assertThat(DvcRemote.of(project, common, Optional.empty()).flatMap(DvcRemote::folder))
                .contains(user.resolve("store"));
        assertThat(DvcRemote.of(project, common, Optional.of("two")))
                .map(DvcRemote::url)
                .contains("s3://b/c");

        write(project.resolve(".dvc"), "[core]\nremote = own\n['remote \"own\"']\nurl = ../beside\n");
        var all = DvcConfig.sections(project, files);
        assertThat(DvcConfig.of(project, all).cacheDirectory()).isEqualTo(temp.resolve("shared"));
        assertThat(DvcRemote.of(project, all, Optional.empty()).flatMap(DvcRemote::folder))
                .contains(project.resolve("beside"));
    }

    private static void write(Path folder, String config) throws IOException {
        Files.writeString(Files.createDirectories(folder).resolve("config"), config);
    }
}
