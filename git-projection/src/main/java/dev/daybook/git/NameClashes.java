package dev.daybook.git;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.eclipse.jgit.lib.Repository;

/** Finds what Git, and after it DVC, would understand by a bare name before they looked for an experiment (gitrevisions(7)). */
final class NameClashes {

    private static final Map<String, String> PLACES = new LinkedHashMap<>();

    static {
        PLACES.put("refs/%s", "the ref");
        PLACES.put("refs/tags/%s", "the tag");
        PLACES.put("refs/heads/%s", "the branch");
        PLACES.put("refs/remotes/%s", "the remote branch");
        PLACES.put("refs/remotes/%s/HEAD", "the remote");
    }

    private static final Pattern REF_CONTENT = Pattern.compile("(?:ref: .*|[0-9a-f]{40})\\s*", Pattern.DOTALL);
    private static final long MAX_REF_BYTES = 4096;

    private NameClashes() {}

    static Optional<String> of(Repository repository, String name) throws IOException {
        if (name.indexOf('/') >= 0 || !Repository.isValidRefName("refs/heads/" + name)) {
            return Optional.of("experiment name '" + name + "' cannot be part of a Git ref; choose another");
        }
        if (!canName(name)) {
            return Optional.of("experiment name '" + name
                    + "' cannot be the name of a file here, because the locale's encoding is "
                    + System.getProperty("sun.jnu.encoding") + "; set LC_ALL=C.UTF-8, or use ASCII letters");
        }
        for (var place : PLACES.entrySet()) {
            var ref = place.getKey().formatted(name);
            if (repository.getRefDatabase().exactRef(ref) != null) {
                return Optional.of(sentence(name, place.getValue() + " " + ref));
            }
        }
        var gitDir = repository.getDirectory().toPath();
        return isRef(gitDir.resolve(name))
                        || isRef(repository.getCommonDirectory().toPath().resolve(name))
                ? Optional.of(sentence(name, gitDir + "/" + name))
                : Optional.empty();
    }

    /** Without a locale, as in many containers, Java can only name files in ASCII. */
    private static boolean canName(String name) {
        var encoding = System.getProperty("sun.jnu.encoding", "UTF-8");
        return Charset.isSupported(encoding)
                && Charset.forName(encoding).newEncoder().canEncode(name);
    }

    private static String sentence(String name, String owner) {
        return "experiment name '" + name + "' is taken by " + owner
                + ", which Git and DVC would take it for; choose another";
    }

    private static boolean isRef(Path file) throws IOException {
        return Files.isRegularFile(file)
                && Files.size(file) <= MAX_REF_BYTES
                && REF_CONTENT
                        .matcher(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
                        .matches();
    }
}
