package io.outfeed.testing;

import io.outfeed.delivery.Delivery;
import io.outfeed.testing.contract.DeliveryContract;
import java.util.List;
import java.util.Optional;

class InMemoryDeliveryContractTest extends DeliveryContract {

    private final InMemoryDelivery destination = InMemoryDelivery.create("lakeside");

    @Override
    protected Delivery delivery() {
        return destination;
    }

    @Override
    protected Optional<byte[]> visible(String path) {
        return destination.files().stream()
                .filter(file -> file.path().equals(path))
                .map(DeliveredFile::bytes)
                .findAny();
    }

    @Override
    protected Optional<List<String>> temporaryNames() {
        return Optional.of(destination.temporaryNames());
    }
}
