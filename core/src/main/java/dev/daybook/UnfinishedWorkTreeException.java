package dev.daybook;

/**
 * The work tree is in the middle of something: a merge, rebase, cherry-pick or revert is unfinished, or files have conflicts. What stands in
 * it then is nobody's code, so that no experiment can begin with it; one that has begun keeps the code that was recorded last.
 */
public final class UnfinishedWorkTreeException extends RepositoryException {

    private static final long serialVersionUID = 1L;

    private final String what;

    /**
     * The message says both.
     *
     * @param what is unfinished, and where
     * @param remedy what to do
     */
    public UnfinishedWorkTreeException(String what, String remedy) {
        super(what + "; " + remedy);
        this.what = what;
    }

    /** What is unfinished, and where: {@code 'train.py' in /home/ada/work has conflicts}. */
    public String what() {
        return what;
    }
}
