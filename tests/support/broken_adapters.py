"""Adapters that misbehave on purpose, each under a name of its own, and feeds that use them."""
import pathlib
import re
import shutil

from concordat_host import BUILD, SOURCE


def install(folder, name, base):
    """The built adapter `base` below `folder` as `name`, so that what one does is counted against no other."""
    target = pathlib.Path(folder) / name
    target.mkdir(parents=True)
    built = BUILD / "broken_adapters" / base
    text = (built / "adapter.yaml").read_text()
    text = re.sub(r"^name: .*$", f"name: {name}", text, flags=re.M)
    (target / "adapter.yaml").write_text(re.sub(r"^library: .*$", f"library: {name}.so", text, flags=re.M))
    shutil.copy(built / f"{base}.so", target / f"{name}.so")


def write_feed(policies, feed, adapter, options, limits="{time: PT60S, memory: 256MB}"):
    """A feed of the constabulary's street crime through that adapter."""
    settings = ", ".join(f'{key}: "{value}"' for key, value in options.items())
    (policies / "feeds" / f"{feed}.yaml").write_text(
        f"apiVersion: concordat/v1\nkind: Feed\nid: {feed}\npartner: constabulary\ndataset: street_crime\n"
        f"adapter: {{plugin: {adapter}, limits: {limits}, options: {{{settings}}}}}\n"
        "mapping: {crime_id: Crime ID}\n")


def settings_for(folder, names):
    """Of concordat.yaml: this folder beside the program's own, and its adapters trusted by name."""
    text = f"adapters: [{BUILD / 'adapters'}, {folder}]\n"
    if (SOURCE / "host" / "adapters" / "trust.h").exists():
        text += f"trust: {{unsigned: [{', '.join(names)}]}}\n"
    return text
