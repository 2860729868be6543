package dev.daybook.git;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same events are the same commit, in whatever JVM: so a save that was cut off is gone on with by any other process. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class SameCommitIT {

    /** A change of it is a change of what all saves say: those that an older Daybook has prepared are then not the ones that are published. */
    private static final String COMMIT = "e47222db1136dfc3d8b158922b0641325ff95333";

    private static final Pattern VERSION = Pattern.compile("JAVA_VERSION=\"(\\d+)[^\"]*\"");
    private static final int OLDEST = 17;

    @TempDir
    Path temp;

    private GitRepo repo;

    @BeforeEach
    void make_the_baseline() {
        repo = GitRepo.reference(temp.resolve("repo"));
    }

    @Test
    void whatever_the_language_the_time_zone_and_the_characters() {
        var commits = new LinkedHashMap<String, String>();
        commits.put("as it is", commit(home(), Map.of()));
        commits.put("Turkish", commit(home(), Map.of(), "-Duser.language=tr", "-Duser.country=TR"));
        commits.put("Arabic digits", commit(home(), Map.of(), "-Duser.language=ar", "-Duser.country=EG"));
        commits.put("Kathmandu", commit(home(), Map.of("TZ", "Asia/Kathmandu")));
        commits.put("Latin 1", commit(home(), Map.of(), "-Dfile.encoding=ISO-8859-1"));
        commits.put("no locale", commit(home(), Map.of("LC_ALL", "C")));

        assertThat(commits.values()).as(commits.toString()).containsOnly(COMMIT);
    }

    @Test
    void whatever_the_jdk() throws IOException {
        var homes = homes();
        for (var home : homes) {
            assertThat(commit(home, Map.of())).as(home.toString()).isEqualTo(COMMIT);
        }
        assertThat(homes).contains(home().toRealPath());
    }

    private static Path home() {
        return Path.of(System.getProperty("java.home"));
    }

    /** Of those beside the one that runs this. */
    private static List<Path> homes() throws IOException {
        var homes = new ArrayList<Path>();
        try (var beside = Files.newDirectoryStream(home().toRealPath().resolveSibling("."))) {
            for (var each : beside) {
                var home = each.toRealPath();
                if (!homes.contains(home) && Files.isExecutable(home.resolve("bin/java")) && version(home) >= OLDEST) {
                    homes.add(home);
                }
            }
        }
        return homes;
    }

    private static int version(Path home) throws IOException {
        var release = home.resolve("release");
        var version = VERSION.matcher(Files.exists(release) ? Files.readString(release) : "");
        return version.find() ? Integer.parseInt(version.group(1)) : 0;
    }

    private String commit(Path home, Map<String, String> environment, String... flags) {
        var output = temp.resolve("output-" + System.nanoTime());
        var arguments = new String[] {repo.top.toString()};
        try (var child = ChildJvm.start(home, output, environment, List.of(flags), SameCommitChild.class, arguments)) {
            return child.succeed()
                    .lines()
                    .filter(line -> !line.isBlank())
                    .reduce((first, last) -> last)
                    .orElse("");
        }
    }
}
