locals {
  # The only port that nodes need of the bastion: EC2 has neither DHCP boot options nor TFTP.
  port = 8080
}

# The bastion: nodes reach moonboot, and nobody else does.
resource "aws_security_group" "bastion" {
  name        = "${var.name}-bastion"
  description = "moonboot"
  vpc_id      = var.vpc_id
}

resource "aws_vpc_security_group_ingress_rule" "boot" {
  security_group_id            = aws_security_group.bastion.id
  description                  = "Scripts, boot files and machine configs, for nodes"
  ip_protocol                  = "tcp"
  from_port                    = local.port
  to_port                      = local.port
  referenced_security_group_id = aws_security_group.node.id
}

resource "aws_vpc_security_group_egress_rule" "bastion_registry" {
  security_group_id = aws_security_group.bastion.id
  description       = "Registries, and packages at the first start"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
  cidr_ipv4         = "0.0.0.0/0"
}

resource "aws_vpc_security_group_egress_rule" "bastion_packages" {
  security_group_id = aws_security_group.bastion.id
  description       = "Debian's packages at the first start, which are signed"
  ip_protocol       = "tcp"
  from_port         = 80
  to_port           = 80
  cidr_ipv4         = "0.0.0.0/0"
}

# The nodes: what they need to boot and to be administered. What a cluster needs among its nodes comes
# with var.node_security_groups.
resource "aws_security_group" "node" {
  name        = "${var.name}-node"
  description = "Nodes that boot from moonboot"
  vpc_id      = var.vpc_id
}

resource "aws_vpc_security_group_ingress_rule" "talos" {
  for_each          = toset(var.admin_cidrs)
  security_group_id = aws_security_group.node.id
  description       = "Talos API"
  ip_protocol       = "tcp"
  from_port         = 50000
  to_port           = 50000
  cidr_ipv4         = each.value
}

resource "aws_vpc_security_group_ingress_rule" "kubernetes" {
  for_each          = toset(var.admin_cidrs)
  security_group_id = aws_security_group.node.id
  description       = "Kubernetes API"
  ip_protocol       = "tcp"
  from_port         = 6443
  to_port           = 6443
  cidr_ipv4         = each.value
}

resource "aws_vpc_security_group_egress_rule" "node_boot" {
  security_group_id            = aws_security_group.node.id
  description                  = "moonboot"
  ip_protocol                  = "tcp"
  from_port                    = local.port
  to_port                      = local.port
  referenced_security_group_id = aws_security_group.bastion.id
}

resource "aws_vpc_security_group_egress_rule" "node_registry" {
  security_group_id = aws_security_group.node.id
  description       = "Registries, for the cluster's images"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
  cidr_ipv4         = "0.0.0.0/0"
}

resource "aws_instance" "bastion" {
  ami                    = var.bastion_ami
  instance_type          = var.bastion_type
  subnet_id              = var.subnet_id
  vpc_security_group_ids = [aws_security_group.bastion.id]
  iam_instance_profile   = var.bastion_profile == "" ? null : var.bastion_profile
  tags                   = { Name = "${var.name}-bastion" }

  user_data = templatefile("${path.module}/files/bastion.yaml.tftpl", {
    moonboot_image = var.moonboot_image
    talos_image    = var.talos_image
    port           = local.port
    data = {
      for file in fileset("${path.module}/../../profiles/ec2-arm64", "{groups,profiles}/*.json") :
      file => base64encode(file("${path.module}/../../profiles/ec2-arm64/${file}"))
    }
  })

  metadata_options {
    http_tokens                 = "required"
    http_put_response_hop_limit = 1
  }

  root_block_device {
    encrypted   = true
    volume_size = 16 # three releases, and room to make the next one
  }
}

resource "aws_instance" "node" {
  for_each               = var.nodes
  ami                    = var.ipxe_ami
  instance_type          = each.value.type
  subnet_id              = var.subnet_id
  vpc_security_group_ids = concat([aws_security_group.node.id], var.node_security_groups)
  tags                   = { Name = "${var.name}-${each.key}" }

  # What "moonboot ec2 user-data --url URL" prints.
  user_data = templatefile("${path.module}/files/user-data.ipxe.tftpl", {
    server = "http://${aws_instance.bastion.private_ip}:${local.port}"
  })

  # The script asks the metadata service on this very host: one hop is enough.
  metadata_options {
    http_tokens                 = var.imds_tokens
    http_put_response_hop_limit = 1
  }

  # Talos's disk. It installs to what machine.install.disk says; the root volume is iPXE's.
  ebs_block_device {
    device_name = "/dev/sdb"
    encrypted   = true
    volume_size = var.node_disk
  }
}
