package dev.daybook.git;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.eclipse.jgit.lib.AnyObjectId;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectLoader;
import org.eclipse.jgit.lib.ObjectReader;

/**
 * Reads objects, and keeps the latest commits and trees: who looks at one file after the other in one commit, and at a thousand commits of
 * one baseline, comes to the same trees again and again, and each time they would be inflated anew. Not thread-safe.
 */
final class CachedObjects extends ObjectReader.Filter {

    private static final int MOST_OBJECTS = 512;
    private static final int MOST_BYTES = 64 << 10;

    private final ObjectReader objects;
    private final Map<ObjectId, ObjectLoader> kept = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<ObjectId, ObjectLoader> eldest) {
            return size() > MOST_OBJECTS;
        }
    };

    /** @param objects is closed with this one */
    CachedObjects(ObjectReader objects) {
        this.objects = objects;
    }

    @Override
    protected ObjectReader delegate() {
        return objects;
    }

    @Override
    public ObjectReader newReader() {
        return new CachedObjects(objects.newReader());
    }

    @Override
    public ObjectLoader open(AnyObjectId id, int typeHint) throws IOException {
        var known = kept.get(id.toObjectId());
        if (known != null) {
            return known;
        }
        var loader = objects.open(id, typeHint);
        boolean isWorthIt = loader.getType() == Constants.OBJ_TREE || loader.getType() == Constants.OBJ_COMMIT;
        if (isWorthIt && loader.getSize() <= MOST_BYTES) {
            var small = new ObjectLoader.SmallObject(loader.getType(), loader.getCachedBytes());
            kept.put(id.toObjectId(), small);
            return small;
        }
        return loader;
    }
}
