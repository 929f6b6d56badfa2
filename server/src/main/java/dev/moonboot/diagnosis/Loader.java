package dev.moonboot.diagnosis;

/**
 * A boot program that nodes are told to load.
 *
 * @param platform for people: {@code UEFI arm64}
 * @param name under which it is offered: {@code ipxe-arm64.efi}
 * @param missing why there is none and what to do; empty where there is one, as far as files tell
 */
public record Loader(String platform, String name, String missing) {}
