package io.outfeed.sftp.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.outfeed.sftp.fixture.OpenSshServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/**
 * The directories of the page, made by its commands, with a server that has its settings. The customer is the user
 * "nobody" of the system, so that no user need be made. Without root, or what root needs for this, the test is skipped.
 */
final class OutboxLayout implements AutoCloseable {

    static final String CUSTOMER = "nobody";

    /** As long as the file that the tests deliver, so that its size does not give it away. */
    static final String OF_ANOTHER_CUSTOMER = "of another customer\r\n";

    /** What OpenSSH demands of the directories above a chroot is true here, and not of temporary directories. */
    private static final Path PARENT = Path.of("/srv");

    private static final List<String> CLASS_PATH =
            List.of("export-", "commons-csv-", "commons-io-", "commons-codec-", "slf4j-", "logback-", "jspecify-");

    private final Path root;
    private final Path home;
    private final String group;

    private OutboxLayout(Path root, Path home, String group) {
        this.root = root;
        this.home = home;
        this.group = group;
    }

    /** Makes the directories of the page. {@code home} is for the files of the server. */
    static OutboxLayout make(Path home) throws IOException {
        assumeThat(OpenSshServer.user())
                .as("skipped: only root can make a chroot and start processes of other users")
                .isEqualTo("root");
        assumeThat(Path.of("/usr/bin/setpriv"))
                .as("skipped: setpriv is not on this machine (Debian: apt-get install util-linux)")
                .isExecutable();
        assumeThat(PARENT).as("skipped: there is no directory for a chroot").isDirectory();
        PosixFileAttributes parent = Files.readAttributes(PARENT, PosixFileAttributes.class);
        assumeThat(parent.owner().getName())
                .as("skipped: the owner of " + PARENT)
                .isEqualTo("root");
        Path root = Files.createTempDirectory(PARENT, "outfeed-outbox-");
        String group = OpenSshServer.output(List.of("id", "-gn", CUSTOMER)).strip();
        OutboxLayout layout = new OutboxLayout(root, home, group);
        layout.shell(OutboxPage.block("Directories", 1));
        Path victims = Files.createDirectory(layout.victims());
        Files.writeString(victims.resolve("interactions-1.csv"), OF_ANOTHER_CUSTOMER);
        layout.shell("chown -R outfeed " + victims);
        return layout;
    }

    /** Runs commands with the users and the directory of this test instead of the page's. */
    void shell(String commands) throws IOException {
        OpenSshServer.run(List.of("sh", "-e", "-c", here(commands)));
    }

    private String here(String text) {
        return text.replace("-o outfeed", "-o " + HostProcess.USER)
                .replace("chown -R outfeed", "chown -R " + HostProcess.USER)
                .replace("-o lakeside", "-o " + CUSTOMER)
                .replace("-g lakeside", "-g " + group)
                .replace("Match User lakeside", "Match User " + CUSTOMER)
                .replace("/srv/sftp", root.toString());
    }

    /** Starts a server with settings of the page. */
    OpenSshServer server(String settings) {
        OpenSshServer server = OpenSshServer.startWith(home, here(settings));
        assertThat(server.loginWithoutPrivileges()).isEqualTo(CUSTOMER);
        return server;
    }

    /** Copies what the host's process needs to where its user can read it, and returns the class path. */
    static String copyClassPath(Path target) throws IOException {
        Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rwxr-xr-x"));
        StringBuilder classPath = new StringBuilder();
        int number = 0;
        for (String entry : System.getProperty("java.class.path").split(":", -1)) {
            Path path = Path.of(entry);
            String name = path.getFileName().toString();
            if (Files.isDirectory(path) || CLASS_PATH.stream().anyMatch(name::startsWith)) {
                Path copy = target.resolve(number++ + "-" + name);
                OpenSshServer.run(List.of("cp", "-r", entry, copy.toString()));
                classPath.append(copy).append(':');
            }
        }
        OpenSshServer.run(List.of("chmod", "-R", "a+rX", target.toString()));
        return classPath.toString();
    }

    Path chroot() {
        return root.resolve("lakeside");
    }

    Path outbox() {
        return chroot().resolve("outbox");
    }

    /** A directory of the host that is no business of this customer. */
    Path victims() {
        return root.resolve("victims");
    }

    String group() {
        return group;
    }

    @Override
    public void close() throws IOException {
        OpenSshServer.run(List.of("rm", "-rf", root.toString()));
    }
}
