package io.outfeed.sftp.internal.transfer;

/** Joins and splits absolute paths of a server. */
final class RemotePaths {

    private RemotePaths() {}

    static String join(String directory, String name) {
        return directory.endsWith("/") ? directory + name : directory + "/" + name;
    }

    static String parent(String path) {
        int slash = path.lastIndexOf('/');
        return slash == 0 ? "/" : path.substring(0, slash);
    }
}
