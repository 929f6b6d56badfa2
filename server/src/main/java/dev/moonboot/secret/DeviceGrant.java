package dev.moonboot.secret;

import java.time.Duration;

/**
 * A node's request as people see it.
 *
 * @param mark by which it may be called in logs
 * @param userCode by which it is approved; no secret of the node, which shows it on its console
 * @param left until it expires; zero when it is decided for good
 */
public record DeviceGrant(
    String mark, String userCode, DeviceState state, Device device, Duration left) {}
