package dev.moonboot.boot;

import dev.moonboot.node.NodeLabels;
import dev.moonboot.profile.Group;
import dev.moonboot.profile.NearMiss;
import dev.moonboot.release.Pin;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Why a node would be answered as it would be at this moment. Nothing has happened by asking.
 *
 * @param labels those that count, and those that were left out with the reason
 * @param group the one that matches best; null when none does
 * @param others groups that match too, best first: they lost to {@code group} by their rank
 * @param near groups that do not match, nearest first, a few of them
 * @param known whether {@code group} selects by mac, uuid or serial
 * @param unknown what the policy for unknown nodes says; empty where the node is known or the
 *     policy is matchbox's
 * @param profile name of the profile that answers; null when none does
 * @param channel the channel that the profile follows; null when it follows none
 * @param pin the profile's pin; null when it has none
 * @param answer what the node would be told; its plan says release and by what
 * @param scripts the exact text the node would get, by path ({@code /ipxe}, {@code /grub}); empty
 *     where it would get none
 */
public record Explanation(
    NodeLabels labels,
    @Nullable Group group,
    List<Group> others,
    List<NearMiss> near,
    boolean known,
    String unknown,
    @Nullable String profile,
    @Nullable String channel,
    @Nullable Pin pin,
    BootAnswer answer,
    Map<String, String> scripts) {
  public Explanation {
    others = List.copyOf(others);
    near = List.copyOf(near);
    scripts = Map.copyOf(scripts);
  }
}
