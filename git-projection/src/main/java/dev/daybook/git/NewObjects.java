package dev.daybook.git;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Map;
import org.eclipse.jgit.lib.AnyObjectId;
import org.eclipse.jgit.lib.CommitBuilder;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.TreeFormatter;

/** Takes the new objects of a repository; when they are on disk, and who sees them, is up to who made this. */
interface NewObjects {

    /** Of the objects that were there before. */
    ObjectReader reader() throws IOException;

    /** One more, of these objects too; to be closed by who wants it. */
    ObjectReader readerOfAll() throws IOException;

    ObjectId blob(byte[] content) throws IOException;

    ObjectId blob(long length, InputStream content) throws IOException;

    ObjectId tree(TreeFormatter tree) throws IOException;

    ObjectId commit(CommitBuilder commit) throws IOException;

    /** Whether an object is known to be kept anyway, so that it need not be one of these. */
    boolean isKept(AnyObjectId id);

    /** A folder where git may write; it goes with these, or with what else a dead process has left. */
    Path quarantine() throws IOException;

    /** Lets git write its objects where no gc sees them: to be {@link #take taken} then. */
    Map<String, String> gitEnvironment() throws IOException;

    /** Makes an object that the repository has, or that git has written for this, one of these. */
    void take(AnyObjectId id) throws IOException;
}
