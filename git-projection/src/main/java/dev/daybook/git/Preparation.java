package dev.daybook.git;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.Charset;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.eclipse.jgit.errors.ConfigInvalidException;
import org.eclipse.jgit.internal.JGitText;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.util.FS;
import org.eclipse.jgit.util.SystemReader;
import org.slf4j.LoggerFactory;

/**
 * Does by two threads what JGit does once in a JVM before it opens its first repository, whichever that is: half of what a short command
 * waits for. One thread loads JGit; the other asks git where the settings of the system are, once where JGit asks twice, and until there is an
 * answer loads what JGit will need.
 */
final class Preparation {

    private static final List<String> QUESTION = List.of("git", "config", "--system", "--show-origin", "--list", "-z");
    private static final String ORIGIN = "file:";

    private static volatile Optional<CompletableFuture<Void>> done = Optional.empty();

    private Preparation() {}

    /** Begins, and returns at once. */
    static synchronized void begin() {
        if (done.isEmpty()) {
            var systemSettings = CompletableFuture.supplyAsync(
                    Preparation::systemSettings, work -> start("daybook-preparation-git", work));
            done = Optional.of(CompletableFuture.runAsync(
                    () -> prepare(systemSettings), work -> start("daybook-preparation", work)));
        }
    }

    /** Waits for what was begun, if anything was. */
    static void await() {
        done.ifPresent(CompletableFuture::join);
    }

    private static void start(String name, Runnable work) {
        var thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    private static void prepare(CompletableFuture<Optional<File>> systemSettings) {
        try {
            QuietSystemReader.install();
            FS.DETECTED.setGitSystemConfig(systemSettings.join().orElse(null));
            SystemReader.getInstance().getUserConfig();
            Constants.newMessageDigest();
        } catch (IOException | ConfigInvalidException | RuntimeException e) {
            LoggerFactory.getLogger(Preparation.class)
                    .debug("JGit cannot be prepared, which shows again where a repository is opened", e);
        }
    }

    /** The file that they are in, if there is one, and a git that knows it. */
    private static Optional<File> systemSettings() {
        try {
            var git =
                    new ProcessBuilder(QUESTION).redirectError(Redirect.DISCARD).start();
            git.getOutputStream().close();
            loadAhead();
            var answer = new String(git.getInputStream().readAllBytes(), Charset.defaultCharset());
            int end = answer.indexOf('\0');
            return answer.startsWith(ORIGIN) && end > 0
                    ? Optional.of(new File(answer.substring(ORIGIN.length(), end)))
                    : Optional.empty();
        } catch (IOException e) {
            // there is no git, and so nothing that it has been told
            return Optional.empty();
        }
    }

    /** The rules of all time zones, and 900 sentences: JGit wants both at its very beginning. */
    private static void loadAhead() {
        var unused = List.of(ZoneId.systemDefault(), JGitText.get());
    }
}
