package dev.daybook.git.dvc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class DvcRemoteTest {

    @TempDir
    Path project;

    @BeforeEach
    void make_a_project() throws IOException {
        Files.createDirectory(project.resolve(".dvc"));
    }

    private void config(String name, String text) throws IOException {
        Files.writeString(project.resolve(".dvc").resolve(name), text);
    }

    private Optional<DvcRemote> remote() throws IOException {
        return DvcRemote.of(project, Optional.empty());
    }

    @Test
    void it_is_the_default_one_and_the_local_file_wins() throws IOException {
        config("config", """
                [core]
                    remote = a   # the usual one
                ['remote "a"']
                    url = /a
                ['remote "b"']
                    url = "/b"
                """);
        assertThat(remote()).contains(new DvcRemote("a", "/a", false, Optional.of(Path.of("/a"))));
        assertThat(DvcRemote.of(project, Optional.of("b")).flatMap(DvcRemote::folder))
                .contains(Path.of("/b"));
        assertThat(DvcRemote.of(project, Optional.of("c"))).isEmpty();

        config("config.local", "[core]\nremote = b\n['remote \"b\"']\nurl = '/other'\n");
        assertThat(remote()).contains(new DvcRemote("b", "/other", false, Optional.of(Path.of("/other"))));
    }

    @Test
    void the_only_one_needs_no_default_and_of_several_none_is_taken() throws IOException {
        assertThat(remote()).isEmpty();
        config("config", "[remote \"a\"]\nurl =\n");
        assertThat(remote()).as("it is nowhere").isEmpty();
        config("config", "[remote \"a\"]\nurl = /a\n");
        assertThat(remote()).isPresent();
        config("config.local", "[remote \"b\"]\nurl = /b\n");
        assertThat(remote()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"../../store, ../store", "store, .dvc/store", "/abs/store, /abs/store"})
    void a_folder_counts_from_the_folder_of_the_file(String url, String expected) throws IOException {
        config("config", "['remote \"a\"']\nurl = " + url + "\n");

        assertThat(remote().flatMap(DvcRemote::folder))
                .contains(project.resolve(expected).normalize());
    }

    @Test
    void the_home_is_where_dvc_looks_for_it() throws IOException {
        var home = System.getProperty("user.home");
        config("config", "['remote \"a\"']\nurl = ~/store\n[cache]\ndir = ~/cache\n");
        System.setProperty("user.home", "/other");
        try {
            var expected = Path.of(Optional.ofNullable(System.getenv("HOME"))
                    .filter(each -> !each.isEmpty())
                    .orElse("/other"));
            assertThat(remote().flatMap(DvcRemote::folder)).contains(expected.resolve("store"));
            assertThat(DvcConfig.read(project).cacheDirectory()).isEqualTo(expected.resolve("cache"));
        } finally {
            System.setProperty("user.home", home);
        }
    }

    @Test
    void a_cache_in_the_home_of_a_named_user_is_refused() throws IOException {
        config("config", "[cache]\ndir = ~ada/cache\n");

        assertThatThrownBy(() -> DvcConfig.read(project)).hasMessageContaining("cache.dir = ~ada/cache");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "~ada/store",
                "s3://bucket/path",
                "ssh://host/path",
                "gdrive://id",
                "https://host",
                "file:///abs/store"
            })
    void other_kinds_are_no_folders(String url) throws IOException {
        config("config", "['remote \"a\"']\nurl = " + url + "\n");

        assertThat(remote()).contains(new DvcRemote("a", url, false, Optional.empty()));
    }

    @Test
    void it_keeps_versions_if_it_says_so_or_the_one_that_gives_its_place() throws IOException {
        config(
                "config",
                "['remote \"base\"']\nurl = s3://b\nversion_aware = True\n['remote \"a\"']\nurl = remote://base/a\n");
        assertThat(DvcRemote.of(project, Optional.of("base")).map(DvcRemote::isVersioned))
                .contains(true);
        assertThat(DvcRemote.of(project, Optional.of("a")).map(DvcRemote::isVersioned))
                .contains(true);

        config("config.local", "['remote \"a\"']\nversion_aware = false\n");
        assertThat(DvcRemote.of(project, Optional.of("a")).map(DvcRemote::isVersioned))
                .contains(false);
    }

    @Test
    void names_ignore_case_as_they_do_for_dvc() throws IOException {
        config("config", "[Core]\nRemote = myStore\n['remote \"MyStore\"']\nURL = /a\n");
        assertThat(remote().flatMap(DvcRemote::folder)).contains(Path.of("/a"));
        assertThat(DvcRemote.of(project, Optional.of("mystore"))).isPresent();

        config("config.local", "['remote \"MYSTORE\"']\nurl = remote://B/c\n['remote \"b\"']\nurl = /b\n");
        assertThat(remote().flatMap(DvcRemote::folder)).contains(Path.of("/b/c"));
    }

    @Test
    void one_may_be_given_by_another_one() throws IOException {
        config("config", """
                [core]
                remote = a
                ['remote "a"']
                url = remote://b/sub
                ['remote "b"']
                url = /base
                """);
        assertThat(remote().flatMap(DvcRemote::folder)).contains(Path.of("/base/sub"));

        config("config.local", "['remote \"b\"']\nurl = remote://a\n");
        assertThat(remote().flatMap(DvcRemote::folder)).isEmpty();
    }
}
