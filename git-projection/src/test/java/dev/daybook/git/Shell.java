package dev.daybook.git;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * Runs shell scripts that know nothing of the user but an identity of git's.
 *
 * @param folder holds the home, and must exist
 */
record Shell(Path folder) {

    /**
     * Makes a repository with these files, all committed and an hour old: {@code a.txt b.txt run.sh sub/c.txt sub/deep/d.txt}, the link
     * {@code link} to {@code a.txt}, and {@code .gitignore} with {@code *.log}.
     */
    Path template() {
        sh(folder, """
                git init -q -b main template
                cd template
                git config user.name Ada
                git config user.email ada@example.com
                git config gc.auto 0
                mkdir -p sub/deep
                echo abc > a.txt
                echo b > b.txt
                echo c > sub/c.txt
                echo d > sub/deep/d.txt
                echo '#!/bin/sh' > run.sh
                chmod +x run.sh
                ln -s a.txt link
                echo '*.log' > .gitignore
                git add .
                git commit -q -m template
                touch -h -d '1 hour ago' $(git ls-files)
                """);
        return folder.resolve("template");
    }

    /** Copies a repository, so that git finds its files unchanged without reading them. */
    Path copy(Path repository) {
        var copy = folder.resolve("repo");
        sh(folder, "rm -rf repo; cp -a '" + repository + "' repo; cd repo; git update-index -q --refresh");
        return copy;
    }

    /** The tree that git makes of a work tree, of its tracked files or all, on a copy of the index; or how it refuses. */
    GitRepo.Result tree(Path top, boolean isWithUntracked) {
        var result = run(top, """
                i=$(git rev-parse --git-path index)
                if [ -e "$i" ]; then cp -p "$i" '%1$s'; else rm -f '%1$s'; fi
                export GIT_INDEX_FILE='%1$s'
                git add %2$s :/ 2>&1
                git write-tree 2>&1
                """.formatted(folder.resolve("index"), isWithUntracked ? "-A" : "-u"));
        return new GitRepo.Result(
                result.status(), result.text().substring(result.text().lastIndexOf('\n') + 1));
    }

    /** For git. */
    Map<String, String> environment() {
        return Map.of(
                "HOME", folder.resolve("home").toString(),
                "GIT_CONFIG_NOSYSTEM", "1",
                "GIT_AUTHOR_DATE", "1795000000 +0000",
                "GIT_COMMITTER_DATE", "1795000000 +0000",
                "LC_ALL", "C.UTF-8");
    }

    /** Runs a script, which must succeed. */
    String sh(Path where, String script) {
        var result = run(where, script);
        assertThat(result.status()).as("%s%n%s", script, result.text()).isZero();
        return result.text();
    }

    /** A character of the output for each byte. */
    GitRepo.Result run(Path where, String script) {
        try {
            Files.createDirectories(folder.resolve("home"));
            Files.writeString(
                    folder.resolve("home/.gitconfig"),
                    "[user]\nname=Ada\nemail=ada@example.com\n[init]\ndefaultBranch=main\n");
            var builder = new ProcessBuilder("sh", "-ec", script)
                    .directory(where.toFile())
                    .redirectErrorStream(true);
            builder.environment().keySet().removeIf(name -> name.startsWith("GIT_") || name.startsWith("XDG_"));
            builder.environment().putAll(environment());
            var process = builder.start();
            process.getOutputStream().close();
            var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            return new GitRepo.Result(process.waitFor(), output.stripTrailing());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
