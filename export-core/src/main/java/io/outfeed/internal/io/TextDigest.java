package io.outfeed.internal.io;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** A digest of texts, or of trees of maps, lists and texts: no two give the same bytes to it. Used by one thread. */
public final class TextDigest {

    private final MessageDigest digest;

    public TextDigest() {
        this.digest = Sha256.newDigest();
    }

    /** Adds a text, with its length. */
    public TextDigest add(String text) {
        byte[] bytes = text.getBytes(UTF_8);
        digest.update((bytes.length + ":").getBytes(UTF_8));
        digest.update(bytes);
        return this;
    }

    /** Adds a tree, with the sizes of its maps and lists. */
    public TextDigest addTree(Object tree) {
        if (tree instanceof Map<?, ?> map) {
            add("map of " + map.size());
            map.forEach((key, value) -> addTree(key).addTree(value));
            return this;
        }
        if (tree instanceof List<?> list) {
            add("list of " + list.size());
            list.forEach(this::addTree);
            return this;
        }
        return add(tree.toString());
    }

    /**
     * Returns the digest, and begins anew.
     *
     * @param bytes how many bytes of it
     */
    public String hex(int bytes) {
        return HexFormat.of().formatHex(digest.digest(), 0, bytes);
    }
}
