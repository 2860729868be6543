package dev.daybook.git;

import dev.daybook.lifecycle.Author;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.eclipse.jgit.errors.ConfigInvalidException;
import org.eclipse.jgit.lib.Config;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.util.FS;
import org.eclipse.jgit.util.SystemReader;
import org.jspecify.annotations.Nullable;

/**
 * What git's configuration says, where it is plain: the system's, the user's and the repository's file, without includes and without the
 * variables that git takes settings from.
 *
 * <p>JGit's own reading of it knows neither {@code includeIf} nor {@code config.worktree}, and not all of these variables.
 */
final class GitSettings {

    private static final List<String> VARIABLES =
            List.of("GIT_CONFIG_COUNT", "GIT_CONFIG_PARAMETERS", "GIT_ATTR_SOURCE");
    private static final Pattern INCLUDE =
            Pattern.compile("^\\s*\\[\\s*include", Pattern.MULTILINE | Pattern.CASE_INSENSITIVE);

    /** What JGit does not read: a setting, or another section, behind the head of a section. */
    private static final Pattern BEHIND_HEAD = Pattern.compile("^\\s*\\[.*\\][^\\S\\n]*[^\\s#;]", Pattern.MULTILINE);

    /** What git takes away at either end of a name or address, and what it takes away everywhere. */
    private static final Pattern UNTIDY =
            Pattern.compile("^[\\x00-\\x20.,:;<>\"\\\\']|[\\x00-\\x20.,:;<>\"\\\\']$|[<>\\n]");

    /** Extensions of the repository's format that change nothing for the work tree. */
    private static final Set<String> HARMLESS_EXTENSIONS =
            Set.of("objectformat", "refstorage", "partialclone", "preciousobjects", "noop");

    private static final Set<String> FALSE = Set.of("false", "no", "off", "0");
    private static final Set<String> TRUE = Set.of("true", "yes", "on", "1");

    private final Map<String, String> environment;
    private final Config config;
    private final Optional<Path> systemFolder;

    private GitSettings(Map<String, String> environment, Config config, Optional<Path> systemFolder) {
        this.environment = environment;
        this.config = config;
        this.systemFolder = systemFolder;
    }

    /**
     * Reads them anew.
     *
     * @param additions to the environment of this process
     * @throws NotPlainException if they cannot be known for sure
     */
    static GitSettings read(Repository repository, Map<String, String> additions)
            throws IOException, NotPlainException {
        var environment = new HashMap<>(System.getenv());
        environment.putAll(additions);
        for (var name : VARIABLES) {
            if (environment.containsKey(name)) {
                throw new NotPlainException("the variable " + name + " is set");
            }
        }
        var system = systemFile(environment);
        var config = new Config();
        for (var file :
                files(environment, system, repository.getCommonDirectory().toPath())) {
            config = read(file, config);
        }
        return new GitSettings(environment, config, system.map(Path::getParent));
    }

    private static List<Path> files(Map<String, String> environment, Optional<Path> system, Path gitDir) {
        var files = new ArrayList<Path>();
        if (!isTrue(environment.get("GIT_CONFIG_NOSYSTEM"))) {
            system.ifPresent(files::add);
        }
        var global = environment.get("GIT_CONFIG_GLOBAL");
        if (global != null) {
            files.add(Path.of(global));
        } else {
            userFolder(environment).ifPresent(folder -> files.add(folder.resolve("config")));
            home(environment).ifPresent(home -> files.add(home.resolve(".gitconfig")));
        }
        files.add(gitDir.resolve("config"));
        return files;
    }

    private static Optional<Path> systemFile(Map<String, String> environment) throws IOException {
        var named = environment.get("GIT_CONFIG_SYSTEM");
        if (named != null) {
            return Optional.of(Path.of(named));
        }
        File found =
                SystemReader.getInstance().openSystemConfig(null, FS.DETECTED).getFile();
        return Optional.ofNullable(found).map(File::toPath);
    }

    private static Optional<Path> home(Map<String, String> environment) {
        return Optional.ofNullable(environment.get("HOME"))
                .filter(home -> !home.isEmpty())
                .map(Path::of);
    }

    private static Optional<Path> userFolder(Map<String, String> environment) {
        var named = environment.get("XDG_CONFIG_HOME");
        return named != null && !named.isEmpty()
                ? Optional.of(Path.of(named, "git"))
                : home(environment).map(home -> home.resolve(".config").resolve("git"));
    }

    private static Config read(Path file, Config base) throws NotPlainException {
        if (!Files.isRegularFile(file)) {
            return base;
        }
        String text;
        try {
            text = Files.readString(file);
        } catch (IOException e) {
            // another encoding, or not ours to read: git may know better
            throw new NotPlainException(file + " cannot be read: " + e);
        }
        if (INCLUDE.matcher(text).find()) {
            throw new NotPlainException(file + " includes other files");
        }
        if (BEHIND_HEAD.matcher(text).find()) {
            throw new NotPlainException(file + " has more on a line than the head of a section");
        }
        try {
            var config = new Config(base);
            config.fromText(text);
            return config;
        } catch (ConfigInvalidException e) {
            throw new NotPlainException(file + " cannot be read: " + e.getMessage());
        }
    }

    /** Refuses settings with which git looks at the work tree in another way. */
    void requireUsualWorkTree() throws NotPlainException {
        for (var name : config.getNames("extensions")) {
            if (!HARMLESS_EXTENSIONS.contains(name.toLowerCase(Locale.ROOT))) {
                throw new NotPlainException("its extensions." + name + " is set");
            }
        }
        for (var name : List.of("filemode", "symlinks", "trustctime")) {
            require("core", name, TRUE);
        }
        for (var name : List.of("ignorecase", "precomposeunicode", "ignorestat", "sparsecheckout")) {
            require("core", name, FALSE);
        }
        require("core", "checkstat", Set.of("default"));
        require("index", "sparse", FALSE);
    }

    /** Refuses settings with which git may write another content than that of the file. */
    void requireUsualContent() throws NotPlainException {
        require("core", "autocrlf", FALSE);
        require("core", "attributesfile", Set.of());
        require("attr", "tree", Set.of());
    }

    private void require(String section, String name, Set<String> usual) throws NotPlainException {
        var value = config.getString(section, null, name);
        if (value != null && !usual.contains(value.toLowerCase(Locale.ROOT))) {
            throw new NotPlainException(section + "." + name + " is set to '" + value + "'");
        }
    }

    /** The files outside the work tree that give attributes to paths in it; they need not exist. */
    List<Path> attributeFiles(Path commonDir) {
        var files = new ArrayList<Path>();
        files.add(commonDir.resolve("info").resolve("attributes"));
        userFolder(environment).ifPresent(folder -> files.add(folder.resolve("attributes")));
        if (!isTrue(environment.get("GIT_ATTR_NOSYSTEM"))) {
            files.add(Path.of("/etc/gitattributes"));
            systemFolder.ifPresent(folder -> files.add(folder.resolve("gitattributes")));
        }
        return files;
    }

    /** Whom git would name as the author; empty if it would have to guess, or to tidy the name up. */
    Optional<Author> author() {
        var name = first("GIT_AUTHOR_NAME", "author", "user", "name");
        var email = first("GIT_AUTHOR_EMAIL", "author", "user", "email");
        if (name.isEmpty() || email.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Author(name.get(), email.get()))
                .filter(author -> isTidy(author.name()) && isTidy(author.email()));
    }

    private Optional<String> first(String variable, String section, String fallback, String name) {
        return Optional.ofNullable(environment.get(variable))
                .or(() -> Optional.ofNullable(config.getString(section, null, name)))
                .or(() -> Optional.ofNullable(config.getString(fallback, null, name)));
    }

    private static boolean isTidy(String text) {
        return !text.isEmpty() && !UNTIDY.matcher(text).find();
    }

    private static boolean isTrue(@Nullable String value) {
        return value != null && TRUE.contains(value.toLowerCase(Locale.ROOT));
    }
}
