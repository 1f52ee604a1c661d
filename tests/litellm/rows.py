"""What somebody with a LiteLLM proxy writes into a models.toml of their own."""

ENDPOINTS = """
[[endpoint]]
id = "my-proxy"
kind = "openai_chat"
title = "My proxy"
base_url = "{url}/v1"
key_env = ["MY_PROXY_KEY"]

[[endpoint]]
id = "my-proxy-native"
kind = "gemini"
title = "My proxy"
base_url = "{url}"
key_env = ["MY_PROXY_KEY"]
options = {{ api_version = "v1beta" }}

[[endpoint]]
id = "my-proxy-images"
kind = "openai_images"
title = "My proxy"
base_url = "{url}/v1"
key_env = ["MY_PROXY_KEY"]

[endpoint.options]
picture_sites = ["{site}"]
extra_body = {{ style = "vivid", background = "opaque" }}
"""

CHAT = """
[[model]]
id = "chat"
endpoint = "my-proxy"
wire_name = "gemini-image"
title = "Gemini through my proxy"
signatures = true
aspect_ratios = ["1:1", "16:9"]
image_sizes = ["1K", "2K"]

[[model]]
id = "chat-whole"
endpoint = "my-proxy"
wire_name = "gemini-image"
title = "Gemini through my proxy, in one piece"
signatures = true
stream = false
aspect_ratios = ["1:1", "16:9"]
image_sizes = ["1K", "2K"]
prices = { input_text_usd = 0.50, output_text_usd = 3.00, output_image_usd = 60.00 }

[[model]]
id = "chat-tools"
endpoint = "my-proxy"
wire_name = "gemini-text"
title = "Words and tools through my proxy"
signatures = true
tools = true
output_modalities = ["text"]

[[model]]
id = "chat-growing"
endpoint = "my-proxy"
wire_name = "openai-text"
title = "Calls in pieces through my proxy"
tools = true
output_modalities = ["text"]

[[model]]
id = "chat-silent"
endpoint = "my-proxy"
wire_name = "gemini-image"

[[model]]
id = "unknown"
endpoint = "my-proxy"
wire_name = "no-such-model"

[[model]]
id = "native"
endpoint = "my-proxy-native"
wire_name = "gemini-image"
title = "Gemini through my proxy, as it is"
signatures = true
aspect_ratios = ["1:1", "16:9"]

[[model]]
id = "native-tools"
endpoint = "my-proxy-native"
wire_name = "gemini-text"
signatures = true
tools = true
output_modalities = ["text"]
"""

IMAGES = """
[[model]]
id = "imagen"
endpoint = "my-proxy-images"
wire_name = "google-imagen"
title = "Imagen"
stream = false
input_modalities = ["text"]
output_modalities = ["image"]
sizes = ["1024x1024", "1792x1024"]
aspect_ratios = ["1:1", "16:9"]
qualities = ["high"]
n_max = 4
images_parameters = ["size", "n"]

[[model]]
id = "vertex-imagen"
endpoint = "my-proxy-images"
wire_name = "vertex-imagen"
title = "Imagen on Google Cloud"
stream = false
input_modalities = ["text"]
output_modalities = ["image"]
sizes = ["1024x1024", "1792x1024"]
aspect_ratios = ["1:1", "16:9"]
n_max = 4
images_parameters = ["size", "n"]

[[model]]
id = "gemini"
endpoint = "my-proxy-images"
wire_name = "gemini-image"
title = "Gemini by images"
stream = false
output_modalities = ["image"]
sizes = ["1024x1024", "1536x1024"]
aspect_ratios = ["1:1", "3:2"]
n_max = 2
images_parameters = ["size", "n"]

[[model]]
id = "gpt-image"
endpoint = "my-proxy-images"
wire_name = "gpt-image"
title = "GPT Image"
stream = false
output_modalities = ["image"]
sizes = ["1024x1024", "1536x1024"]
aspect_ratios = ["1:1", "3:2"]
qualities = ["low", "high"]
n_max = 4
images_parameters = ["size", "n", "quality", "background"]

[[model]]
id = "dall-e"
endpoint = "my-proxy-images"
wire_name = "dall-e"
title = "DALL-E"
stream = false
input_modalities = ["text"]
output_modalities = ["image"]
sizes = ["1024x1024", "1792x1024"]
aspect_ratios = ["1:1", "16:9"]
qualities = ["standard", "hd"]
images_parameters = ["size", "n", "quality", "style", "response_format"]

[[model]]
id = "azure"
endpoint = "my-proxy-images"
wire_name = "gpt-image-azure"
title = "GPT Image on Azure"
stream = false
output_modalities = ["image"]
sizes = ["1024x1024", "1536x1024"]
aspect_ratios = ["1:1", "3:2"]
qualities = ["low", "high"]
n_max = 4
images_parameters = ["size", "n", "quality"]

[[model]]
id = "sdxl"
endpoint = "my-proxy-images"
wire_name = "sdxl"
title = "Stable Diffusion XL"
stream = false
input_modalities = ["text"]
output_modalities = ["image"]
sizes = ["1024x1024", "1344x768"]
aspect_ratios = ["1:1", "16:9"]
images_parameters = ["size"]

[[model]]
id = "core"
endpoint = "my-proxy-images"
wire_name = "stable-core"
title = "Stable Image Core"
stream = false
input_modalities = ["text"]
output_modalities = ["image"]
aspect_ratios = ["1:1", "16:9"]
images_parameters = ["aspect_ratio"]

[[model]]
id = "nova"
endpoint = "my-proxy-images"
wire_name = "nova"
title = "Nova Canvas"
stream = false
output_modalities = ["image"]
sizes = ["1024x1024", "1280x720"]
aspect_ratios = ["1:1", "16:9"]
qualities = ["standard", "premium"]
n_max = 4
images_parameters = ["size", "n", "quality"]
edit_parameters = ["n"]

[[model]]
id = "recraft"
endpoint = "my-proxy-images"
wire_name = "recraft"
title = "Recraft"
stream = false
max_input_images = 1
output_modalities = ["image"]
sizes = ["1024x1024", "1820x1024"]
aspect_ratios = ["1:1", "16:9"]
n_max = 4
images_parameters = ["size", "n", "style", "response_format"]

[[model]]
id = "xinference"
endpoint = "my-proxy-images"
wire_name = "xinference"
title = "Xinference"
stream = false
input_modalities = ["text"]
output_modalities = ["image"]
sizes = ["1024x1024", "1344x768"]
aspect_ratios = ["1:1", "16:9"]
n_max = 2
images_parameters = ["size", "n", "response_format"]

[[model]]
id = "nscale"
endpoint = "my-proxy-images"
wire_name = "nscale"
title = "Nscale"
stream = false
input_modalities = ["text"]
output_modalities = ["image"]
sizes = ["1024x1024", "1344x768"]
aspect_ratios = ["1:1", "16:9"]
n_max = 2
images_parameters = ["size", "n", "response_format"]
"""
