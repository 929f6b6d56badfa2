output "server" {
  description = "Where the nodes reach moonboot"
  value       = "http://${aws_instance.bastion.private_ip}:${local.port}"
}

output "instances" {
  description = "Instance ids by name: the label asset, for groups"
  value       = { for name, node in aws_instance.node : name => node.id }
}
