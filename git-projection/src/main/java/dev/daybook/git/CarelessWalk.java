package dev.daybook.git;

import java.io.IOException;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.lib.AnyObjectId;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevObject;
import org.eclipse.jgit.revwalk.RevWalk;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes what is damaged for missing: that a ref cannot be used is no reason to keep it. */
final class CarelessWalk extends RevWalk {

    private static final Logger LOG = LoggerFactory.getLogger(CarelessWalk.class);

    CarelessWalk(Repository repository) {
        super(repository);
    }

    @Override
    public RevObject parseAny(AnyObjectId id) throws MissingObjectException {
        try {
            return super.parseAny(id);
        } catch (MissingObjectException e) {
            throw e;
        } catch (IOException e) {
            LOG.info("{} cannot be read: {}", id.name(), e.toString());
            throw new MissingObjectException(id.toObjectId(), Constants.TYPE_COMMIT);
        }
    }
}
