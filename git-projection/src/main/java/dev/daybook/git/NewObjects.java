package dev.daybook.git;

import java.io.IOException;
import java.io.InputStream;
import org.eclipse.jgit.lib.AnyObjectId;
import org.eclipse.jgit.lib.CommitBuilder;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.TreeFormatter;

/** Takes the new objects of a repository; when they are on disk, and who sees them, is up to who made this. */
interface NewObjects {

    /** Of the objects that were there before. */
    ObjectReader reader() throws IOException;

    ObjectId blob(byte[] content) throws IOException;

    ObjectId blob(long length, InputStream content) throws IOException;

    ObjectId tree(TreeFormatter tree) throws IOException;

    ObjectId commit(CommitBuilder commit) throws IOException;

    /** Makes an object that the repository has one of these. */
    void take(AnyObjectId id) throws IOException;
}
