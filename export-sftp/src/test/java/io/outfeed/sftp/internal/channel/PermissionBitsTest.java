package io.outfeed.sftp.internal.channel;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each bit, as {@code chmod} counts them. */
class PermissionBitsTest {

    @ParameterizedTest
    @CsvSource({
        "---------,0",
        "r--------,400",
        "-w-------,200",
        "--x------,100",
        "---r-----,40",
        "----w----,20",
        "-----x---,10",
        "------r--,4",
        "-------w-,2",
        "--------x,1",
        "rw-r-----,640",
        "rwxrwxrwx,777",
    })
    void should_convert_permissions_to_bits(String permissions, String octal) {
        assertThat(Integer.toOctalString(PermissionBits.of(PosixFilePermissions.fromString(permissions))))
                .isEqualTo(octal);
    }
}
