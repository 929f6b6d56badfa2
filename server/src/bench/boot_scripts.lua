-- wrk: requests of random nodes for PATH among COUNT groups, as write_groups in moonboot.py makes them
local count, path
local seed = os.time()

function init(args)
  count, path = tonumber(args[1]), args[2]
  seed = seed + tonumber(tostring({}):match("0x(%x+)"), 16) % 1000000
  math.randomseed(seed)
end

function request()
  local number = math.random(0, count - 1)
  local kind = number % 6
  local mac = string.format("52:54:00:%02x:%02x:%02x",
    math.floor(number / 65536), math.floor(number / 256) % 256, number % 256)
  local query
  if kind < 3 then query = "mac=" .. mac .. "&arch=x86_64"
  elseif kind == 3 then query = string.format("uuid=00000000-0000-0000-0000-%012d&arch=x86_64", number)
  elseif kind == 4 then query = string.format("serial=S%d&arch=x86_64", number)
  else query = string.format("site=s%d&rack=r%d&arch=x86_64", number % 7, number) end
  return wrk.format("GET", path .. "?" .. query)
end
