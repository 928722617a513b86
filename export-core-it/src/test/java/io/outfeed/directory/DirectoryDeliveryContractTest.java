package io.outfeed.directory;

import io.outfeed.delivery.Delivery;
import io.outfeed.delivery.TemporaryNames;
import io.outfeed.testing.contract.DeliveryContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;

class DirectoryDeliveryContractTest {

    @TempDir
    private Path directory;

    private abstract class Contract extends DeliveryContract {

        @Override
        protected Delivery delivery() {
            return DirectoryDelivery.builder("lakeside", directory)
                    .temporaryNames(names())
                    .build();
        }

        @Override
        protected Optional<byte[]> visible(String path) throws IOException {
            Path file = directory.resolve(path);
            return Files.exists(file) ? Optional.of(Files.readAllBytes(file)) : Optional.empty();
        }

        @Override
        protected Optional<List<String>> temporaryNames() throws IOException {
            try (Stream<Path> files = Files.walk(directory)) {
                return Optional.of(
                        files.filter(file -> file.getFileName().toString().endsWith(".part"))
                                .map(file -> directory.relativize(file).toString())
                                .toList());
            }
        }
    }

    @Nested
    class WithHiddenNames extends Contract {}

    @Nested
    class WithNamesInADirectory extends Contract {

        @Override
        protected TemporaryNames names() {
            return TemporaryNames.prefixed("tmp_").inDirectory("incoming");
        }
    }
}
