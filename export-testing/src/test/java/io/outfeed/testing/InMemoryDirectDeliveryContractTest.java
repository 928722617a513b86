package io.outfeed.testing;

import io.outfeed.delivery.Delivery;
import io.outfeed.file.IfExists;
import io.outfeed.testing.contract.DirectDeliveryContract;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** It takes every file, as mail does. */
class InMemoryDirectDeliveryContractTest extends DirectDeliveryContract {

    private final InMemoryDelivery destination = InMemoryDelivery.withoutRename("lakeside");

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
    protected Set<IfExists> supported() {
        return EnumSet.noneOf(IfExists.class);
    }
}
