module moonboot/gotemplate

go 1.19
