package io.outfeed.sftp.outbox;

import static io.outfeed.sftp.outbox.Customer.assertDenied;
import static io.outfeed.sftp.outbox.Customer.assertNotThere;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.file.IfExists;
import io.outfeed.sftp.fixture.OpenSshServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import net.schmizz.sshj.connection.channel.direct.Session;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What {@code docs/guide/outbox.md} says: a {@code DirectoryDelivery} fills a directory that a customer reads from a
 * chrooted OpenSSH.
 */
@Tag("slow")
class OutboxTest {

    private static final String CONTENT = "interaction_id\r\ni-1\r\n";
    private static final String FILE = "interactions-1.csv";

    /** More attempts than a test makes; each has a token of its own in its temporary name. */
    private static final int TOKENS = 9;

    private static String classPath = "";

    @TempDir
    private Path home;

    private OutboxLayout layout;
    private @Nullable OpenSshServer server;
    private @Nullable HostProcess host;
    private @Nullable Customer customer;

    @BeforeAll
    static void copyClassPath(@TempDir Path target) throws IOException {
        classPath = OutboxLayout.copyClassPath(target);
    }

    @BeforeEach
    void makeLayout() throws IOException {
        layout = OutboxLayout.make(home);
    }

    @AfterEach
    void removeLayout() throws IOException {
        for (AutoCloseable open : Stream.of(customer, host, server, layout)
                .filter(resource -> resource != null)
                .toList()) {
            try {
                open.close();
            } catch (Exception e) {
                throw new IOException(e);
            }
        }
    }

    private static String settings() {
        return OutboxPage.block("OpenSSH", 1);
    }

    /** Those of a customer that deletes or moves files: no links. */
    private static String settingsWithoutLinks() {
        String command = OutboxPage.block("A customer that deletes or moves files", 2);
        return settings().replaceFirst(" +ForceCommand .*\n", command);
    }

    private HostProcess host(HostOptions options) throws IOException {
        HostProcess started = HostProcess.start(classPath, layout.outbox(), options);
        host = started;
        return started;
    }

    private Customer customer() throws IOException {
        return customer(settings());
    }

    private Customer customer(String settings) throws IOException {
        OpenSshServer started = layout.server(settings);
        server = started;
        Customer loggedIn = Customer.login(started, OutboxLayout.CUSTOMER, started.newLogin("ed25519", "", ""));
        customer = loggedIn;
        return loggedIn;
    }

    private Path outbox(String name) {
        return layout.outbox().resolve(name);
    }

    private static String permissions(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS));
    }

    /** The layout of the page's section about deletion, with or without its settings. */
    private void letTheCustomerWrite() throws IOException {
        layout.shell(OutboxPage.block("A customer that deletes or moves files", 1));
    }

    private void assertNothingElseTouched() throws IOException {
        try (Stream<Path> files = Files.list(layout.victims())) {
            assertThat(files).containsExactly(layout.victims().resolve(FILE));
        }
        assertThat(layout.victims().resolve(FILE)).hasContent(OutboxLayout.OF_ANOTHER_CUSTOMER);
    }

    // the layout

    @Test
    void should_let_the_customer_read_and_nothing_else() throws Exception {
        HostProcess host = host(HostOptions.ofThePage());
        assertThat(host.check()).isEqualTo("OK");
        assertThat(host.run()).isEqualTo("COMMITTED");

        Customer customer = customer();
        assertThat(customer.list(".")).containsExactly(FILE);
        assertThat(customer.fetch(FILE)).isEqualTo(CONTENT);
        assertDenied(() -> customer.delete(FILE));
        assertDenied(() -> customer.rename(FILE, "other.csv"));
        assertDenied(() -> customer.put(FILE, "forged"));
        assertDenied(() -> customer.put("new.csv", "forged"));
        assertDenied(() -> customer.makeFolder("new"));
        assertDenied(() -> customer.link("new", layout.victims().toString()));
        assertDenied(() -> customer.hardLink("new", FILE));

        PosixFileAttributes found = Files.readAttributes(outbox(FILE), PosixFileAttributes.class);
        assertThat(PosixFilePermissions.toString(found.permissions())).isEqualTo("rw-r-----");
        assertThat(found.owner().getName()).isEqualTo(HostProcess.USER);
        assertThat(found.group().getName()).isEqualTo(layout.group());
        assertThat(outbox(FILE)).hasContent(CONTENT);
    }

    @Test
    void should_not_let_the_customer_leave_the_chroot() throws Exception {
        Customer customer = customer();

        assertThat(customer.realPath(".")).isEqualTo("/outbox");
        assertThat(customer.realPath("../..")).isEqualTo("/");
        assertThat(customer.list("/")).containsExactly("outbox");
        assertNotThere(() -> customer.fetch("../../victims/" + FILE));
        assertNotThere(() -> customer.fetch(layout.victims().resolve(FILE).toString()));
        assertNotThere(() -> customer.fetch("/etc/passwd"));
        assertDenied(() -> customer.rename("/outbox", "/other"));
        assertDenied(() -> customer.link("/other", "/outbox"));
        try (Session session = customer.ssh().startSession();
                Session.Command command = session.exec("touch " + outbox("executed"))) {
            command.getOutputStream().close();
            command.join();
        }
        assertThat(outbox("executed")).doesNotExist();
        assertThatThrownBy(() -> customer.ssh()
                        .newDirectConnection("127.0.0.1", customer.ssh().getRemotePort()))
                .as("a forwarded port")
                .isInstanceOf(IOException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"chmod 0775", "chmod 0757", "chown -R outfeed"})
    void should_not_log_in_where_others_may_write_into_the_chroot(String change) throws Exception {
        layout.shell(change + " " + layout.chroot());

        assertThatThrownBy(this::customer).isInstanceOfAny(IOException.class, IllegalStateException.class);
        assertThat(requireNonNull(server).log()).contains("bad ownership or modes for chroot directory");
    }

    /** Neither the check nor the run can know it. */
    @Test
    void should_not_be_readable_without_the_group_of_the_directory() throws Exception {
        layout.shell("chmod g-s " + layout.outbox());
        HostProcess host = host(HostOptions.ofThePage());
        assertThat(host.check()).isEqualTo("OK");
        assertThat(host.run()).isEqualTo("COMMITTED");

        Customer customer = customer();
        assertThat(customer.list(".")).containsExactly(FILE);
        assertDenied(() -> customer.fetch(FILE));
    }

    @Test
    void should_find_that_the_directory_is_closed_to_the_host() throws Exception {
        layout.shell("chown root " + layout.outbox());
        HostProcess host = host(HostOptions.ofThePage());

        assertThat(host.check()).isEqualTo("PERMISSION_DENIED");
        assertThat(host.run()).isEqualTo("WAITING PERMISSION_DENIED");

        layout.shell("rmdir " + layout.outbox());
        assertThat(host.check()).isEqualTo("DESTINATION_MISSING");
    }

    // the umask of the host

    @ParameterizedTest
    @CsvSource({
        "0022, rw-r-----, rw-r-----",
        "0027, rw-r-----, rw-r-----",
        "0007, rw-r-----, rw-r-----",
        "0022, '',        rw-r--r--",
        "0027, '',        rw-r-----",
        "0007, '',        rw-rw----",
        "0077, '',        rw-------",
    })
    void should_give_files_their_permissions(String umask, String permissions, String expected) throws Exception {
        HostProcess host = host(HostOptions.ofThePage().umask(umask).permissions(permissions));

        assertThat(host.run()).isEqualTo("COMMITTED");

        assertThat(permissions(outbox(FILE))).isEqualTo(expected);
    }

    @Test
    void should_write_nothing_where_the_umask_takes_a_permission_away() throws Exception {
        HostProcess host = host(HostOptions.ofThePage().umask("0077"));

        assertThat(host.check()).isEqualTo("PERMISSION_DENIED");
        assertThat(host.run()).isEqualTo("WAITING PERMISSION_DENIED");

        assertThat(layout.outbox()).isEmptyDirectory();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0022", "0027", "0007"})
    void should_let_the_customer_read_in_folders(String umask) throws Exception {
        assertThat(host(HostOptions.ofThePage().umask(umask).inFolders()).run()).isEqualTo("COMMITTED");

        Customer customer = customer();
        assertThat(customer.list("2026")).containsExactly(FILE);
        assertThat(customer.fetch("2026/" + FILE)).isEqualTo(CONTENT);
    }

    @Test
    void should_close_folders_to_the_customer_by_a_narrow_umask() throws Exception {
        HostProcess host =
                host(HostOptions.ofThePage().umask("0077").permissions("").inFolders());
        assertThat(host.check()).as("makes no folder").isEqualTo("OK");
        assertThat(host.run()).isEqualTo("COMMITTED");

        Customer customer = customer();
        assertDenied(() -> customer.list("2026"));
    }

    @Test
    void should_keep_the_permissions_of_folders() throws Exception {
        HostProcess narrow = host(HostOptions.ofThePage().umask("0077").inFolders());
        assertThat(narrow.run()).as("of the file").isEqualTo("WAITING PERMISSION_DENIED");
        narrow.close();

        assertThat(host(HostOptions.ofThePage().inFolders()).run()).isEqualTo("COMMITTED");
        Customer customer = customer();
        assertDenied(() -> customer.list("2026"));
        layout.shell("chmod g+rx " + outbox("2026"));
        assertThat(customer.fetch("2026/" + FILE)).isEqualTo(CONTENT);
    }

    // a customer that deletes or moves files

    @Test
    void should_take_a_moved_file_for_taken() throws Exception {
        letTheCustomerWrite();
        HostProcess host = host(HostOptions.ofThePage().watched(0));
        assertThat(host.run()).isEqualTo("COMMITTED");

        Customer customer = customer(settingsWithoutLinks());
        customer.rename(FILE, "done/" + FILE);
        host.advance("PT10M");

        assertThat(host.file()).isEqualTo("TAKEN");
        assertThat(outbox(FILE)).doesNotExist();
        host.advance("P91D");
        assertThat(host.file()).isEqualTo("TAKEN NOT_THERE");
        assertThat(outbox("done/" + FILE)).hasContent(CONTENT);
        customer.delete("done/" + FILE);
    }

    /** The folder is the customer's, with the umask of internal-sftp. */
    @Test
    void should_not_send_again_what_may_be_in_a_folder_that_is_closed_to_the_host() throws Exception {
        letTheCustomerWrite();
        HostProcess host = host(HostOptions.ofThePage().watched(1));
        assertThat(host.run()).isEqualTo("COMMITTED");

        layout.shell("rmdir " + outbox("done"));
        Customer customer = customer(settingsWithoutLinks());
        customer.makeFolder("done");
        customer.rename(FILE, "done/" + FILE);
        host.advance("PT10M");

        assertThat(host.file()).isEqualTo("NOT_SAID");
        assertThat(outbox(FILE)).doesNotExist();
        layout.shell("chmod o+rx " + outbox("done"));
        host.advance("PT10M");
        assertThat(host.file()).isEqualTo("TAKEN");
    }

    @Test
    void should_not_send_a_deleted_file_again() throws Exception {
        letTheCustomerWrite();
        HostProcess host = host(HostOptions.ofThePage().watched(0));
        assertThat(host.run()).isEqualTo("COMMITTED");

        customer(settingsWithoutLinks()).delete(FILE);
        host.advance("PT10M");

        assertThat(host.file()).isEqualTo("VANISHED");
        assertThat(outbox(FILE)).doesNotExist();
    }

    @Test
    void should_send_a_deleted_file_again_once_by_default() throws Exception {
        letTheCustomerWrite();
        HostProcess host = host(HostOptions.ofThePage().watched(1));
        assertThat(host.run()).isEqualTo("COMMITTED");

        Customer customer = customer(settingsWithoutLinks());
        customer.delete(FILE);
        host.advance("PT10M");

        assertThat(host.file()).isEqualTo("RECOPIED");
        assertThat(customer.fetch(FILE)).isEqualTo(CONTENT);
        customer.delete(FILE);
        host.advance("PT10M");
        assertThat(host.file()).isEqualTo("VANISHED");
    }

    @Test
    void should_delete_files_of_which_the_retention_is_over() throws Exception {
        HostProcess host = host(HostOptions.ofThePage().watched(0));
        assertThat(host.run()).isEqualTo("COMMITTED");

        host.advance("P91D");

        assertThat(host.file()).isEqualTo("SEEN DELETED");
        assertThat(layout.outbox()).isEmptyDirectory();
    }

    @Test
    void should_leave_alone_what_the_customer_has_put_in_the_place_of_a_file() throws Exception {
        letTheCustomerWrite();
        HostProcess host = host(HostOptions.ofThePage().watched(1));
        assertThat(host.run()).isEqualTo("COMMITTED");

        Customer customer = customer(settingsWithoutLinks());
        customer.delete(FILE);
        customer.put(FILE, "read");
        assertThat(permissions(outbox(FILE)))
                .as("by the umask of internal-sftp")
                .isEqualTo("rw-r-----");
        host.advance("PT10M");
        host.advance("P91D");

        assertThat(host.file()).isEqualTo("CONFLICT DIFFERENT");
        assertThat(outbox(FILE)).hasContent("read");
    }

    @Test
    void should_have_no_links_by_sftp() throws Exception {
        letTheCustomerWrite();
        Customer customer = customer(settingsWithoutLinks());
        customer.put("own", "");

        assertDenied(() -> customer.link("link", "own"));
        assertDenied(() -> customer.hardLink("link", "own"));

        assertThat(customer.list(".")).containsExactly("done", "own");
    }

    @ParameterizedTest
    @CsvSource({"0007, true", "0027, false"})
    void should_let_the_customer_delete_in_folders_by_the_umask(String umask, boolean deletes) throws Exception {
        letTheCustomerWrite();
        HostProcess host = host(HostOptions.ofThePage().umask(umask).inFolders());
        assertThat(host.run()).isEqualTo("COMMITTED");

        Customer customer = customer(settingsWithoutLinks());
        if (deletes) {
            customer.delete("2026/" + FILE);
        } else {
            assertDenied(() -> customer.delete("2026/" + FILE));
        }

        assertThat(Files.exists(outbox("2026/" + FILE))).isNotEqualTo(deletes);
    }

    // a customer that uploads

    @Test
    void should_keep_the_files_of_the_host_by_the_sticky_bit() throws Exception {
        layout.shell("chmod 3770 " + layout.outbox());
        HostProcess host = host(HostOptions.ofThePage().umask("0007").inFolders());
        assertThat(host.run()).isEqualTo("COMMITTED");
        layout.shell("cp -p " + outbox("2026/" + FILE) + " " + outbox(FILE));

        Customer customer = customer();
        customer.put("receipt.txt", "all read");
        assertDenied(() -> customer.delete(FILE));
        assertDenied(() -> customer.rename(FILE, "other.csv"));
        assertDenied(() -> customer.replace("receipt.txt", FILE));
        assertDenied(() -> customer.rename("2026", "moved"));

        assertThat(outbox("receipt.txt")).hasContent("all read");
        assertThat(outbox(FILE)).hasContent(CONTENT);
    }

    // links

    private void plantAtTemporaryNames(Customer customer, Path target) throws IOException {
        for (int token = 1; token <= TOKENS; token++) {
            customer.link(temporaryName(token), target.toString());
        }
    }

    private static String temporaryName(int token) {
        return "." + FILE + ".r1-t" + token + ".part";
    }

    @ParameterizedTest
    @ValueSource(strings = {"2770", "3770"})
    void should_refuse_a_link_at_the_temporary_name(String mode) throws Exception {
        layout.shell("chmod " + mode + " " + layout.outbox());
        Customer customer = customer();
        plantAtTemporaryNames(customer, layout.victims().resolve(FILE));
        HostProcess host = host(HostOptions.ofThePage());

        assertThat(host.run()).isEqualTo("WAITING DESTINATION_REFUSED");
        assertNothingElseTouched();
        assertThat(outbox(temporaryName(1))).isSymbolicLink();
        host.advance("PT1H");
        assertNothingElseTouched();

        for (int token = 1; token <= TOKENS; token++) {
            assertThat(outbox(temporaryName(token))).as("left").isSymbolicLink();
            customer.delete(temporaryName(token));
        }
        assertThat(host.run()).isEqualTo("COMMITTED");
        assertThat(customer.fetch(FILE)).isEqualTo(CONTENT);
    }

    @Test
    void should_use_another_temporary_name_at_the_next_attempt() throws Exception {
        letTheCustomerWrite();
        customer().link(temporaryName(1), layout.victims().resolve(FILE).toString());
        HostProcess host = host(HostOptions.ofThePage());

        assertThat(host.run()).isEqualTo("WAITING DESTINATION_REFUSED");
        assertThat(host.run()).isEqualTo("COMMITTED");

        assertThat(outbox(temporaryName(1))).isSymbolicLink();
        assertNothingElseTouched();
    }

    @ParameterizedTest
    @CsvSource({
        "FAIL,      FAILED NAME_OCCUPIED, true",
        "WAIT,      WAITING NAME_AWAITED, true",
        "KEEP_BOTH, COMMITTED,            true",
        "REPLACE,   COMMITTED,            false",
    })
    void should_not_follow_a_link_at_the_final_name(IfExists ifExists, String outcome, boolean linkStays)
            throws Exception {
        letTheCustomerWrite();
        customer().link(FILE, layout.victims().resolve(FILE).toString());

        assertThat(host(HostOptions.ofThePage().ifExists(ifExists)).run()).isEqualTo(outcome);

        assertThat(Files.isSymbolicLink(outbox(FILE))).isEqualTo(linkStays);
        if (ifExists == IfExists.REPLACE) {
            assertThat(outbox(FILE)).hasContent(CONTENT);
        }
        if (ifExists == IfExists.KEEP_BOTH) {
            assertThat(outbox("interactions-1-r1.csv")).hasContent(CONTENT);
        }
        assertNothingElseTouched();
    }

    @ParameterizedTest
    @ValueSource(strings = {"2770", "3770"})
    void should_refuse_a_link_in_the_place_of_a_new_folder(String mode) throws Exception {
        layout.shell("chmod " + mode + " " + layout.outbox());
        Customer customer = customer();
        customer.link("2026", layout.victims().toString());
        HostProcess host = host(HostOptions.ofThePage().inFolders().ifExists(IfExists.REPLACE));

        assertThat(host.run()).isEqualTo("WAITING DESTINATION_REFUSED");
        assertNothingElseTouched();

        customer.delete("2026");
        assertThat(host.run()).isEqualTo("COMMITTED");
        assertThat(outbox("2026/" + FILE)).hasContent(CONTENT);
    }

    /** Also the inspections and deletions of what was delivered do not go through the link. */
    @Test
    void should_refuse_a_link_in_the_place_of_a_folder_with_files() throws Exception {
        letTheCustomerWrite();
        HostProcess host = host(HostOptions.ofThePage()
                .umask("0007")
                .inFolders()
                .ifExists(IfExists.REPLACE)
                .watched(1));
        assertThat(host.run()).isEqualTo("COMMITTED");

        Customer customer = customer();
        customer.rename("2026", "moved");
        customer.link("2026", layout.victims().toString());
        host.advance("PT10M");
        assertThat(host.file()).isEqualTo("NOT_SAID");
        assertThat(host.run()).isEqualTo("WAITING DESTINATION_REFUSED");
        host.advance("P91D");

        assertThat(outbox("2026")).isSymbolicLink();
        assertNothingElseTouched();
    }

    @Test
    void should_not_follow_a_link_in_the_place_of_a_delivered_file() throws Exception {
        letTheCustomerWrite();
        HostProcess host = host(HostOptions.ofThePage().watched(1));
        assertThat(host.run()).isEqualTo("COMMITTED");

        Customer customer = customer();
        customer.delete(FILE);
        customer.link(FILE, layout.victims().resolve(FILE).toString());
        host.advance("PT10M");
        assertThat(host.file()).isEqualTo("CONFLICT");
        host.advance("P91D");

        assertThat(host.file()).isEqualTo("CONFLICT DIFFERENT");
        assertThat(outbox(FILE)).isSymbolicLink();
        assertNothingElseTouched();
    }
}
