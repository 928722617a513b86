package io.outfeed.directory;

import io.outfeed.delivery.Delivery;
import io.outfeed.testing.contract.DeliveryContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;

class DirectoryDeliveryContractTest extends DeliveryContract {

    @TempDir
    private Path directory;

    @Override
    protected Delivery delivery() {
        return DirectoryDelivery.to("lakeside", directory);
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
                    files.filter(file -> file.getFileName().toString().startsWith("."))
                            .map(file -> directory.relativize(file).toString())
                            .toList());
        }
    }
}
