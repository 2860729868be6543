package dev.daybook.lifecycle;

/**
 * Which code an experiment ran: what the work tree was at one moment.
 *
 * @param head the commit that was checked out, 40 hex digits
 * @param tree the Git tree of the work tree's content, 40 hex digits
 */
public record Code(String head, String tree) {
    public Code {
        Requires.objectId(head, "head");
        Requires.objectId(tree, "tree");
    }
}
