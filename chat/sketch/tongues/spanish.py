"""Spanish."""

from chat.sketch.tongues.tongue import Tongue

TONGUE = Tongue(
    "es-MX",
    nouns="""
balloon m globo globos: globo_aerostático globos_aerostáticos
bird m pájaro pájaros: ave aves pajarito
songbird m pájaro_cantor pájaros_cantores
plane m avión aviones
rocket m cohete cohetes: nave_espacial
kite m papalote papalotes: cometa
star f estrella estrellas
butterfly f mariposa mariposas
sun m sol soles
moon f luna lunas: luna_llena
cloud f nube nubes
house f casa casas: cabaña cabañas choza hogar
barn m granero graneros: establo granja
castle m castillo castillos: palacio fortaleza
lighthouse m faro faros
church f iglesia iglesias: capilla catedral
tower f torre torres: rascacielos
windmill m molino molinos: molino_de_viento
bridge m puente puentes
tent f carpa carpas: tienda_de_campaña
tree m árbol árboles: roble
pine m pino pinos: abeto abetos
palm f palmera palmeras: palma
bush m arbusto arbustos: seto
flower f flor flores: margarita
tulip m tulipán tulipanes
cactus m cactus cactus: nopal
mushroom m hongo hongos: seta setas
car m coche coches: carro carros auto autos automóvil
bus m autobús autobuses: camión_de_pasajeros
truck m camión camiones
train m tren trenes: locomotora
bicycle f bicicleta bicicletas: bici bicis
boat m bote botes: barca barcas lancha lanchas velero veleros
ship m barco barcos: buque buques
duck m pato patos
whale f ballena ballenas
fish m pez peces: pescado
cat m gato gatos: gatito gatitos
dog m perro perros: perrito cachorro
fox m zorro zorros
horse m caballo caballos: poni
cow f vaca vacas: ternero
sheep f oveja ovejas: cordero
rabbit m conejo conejos: liebre
elephant m elefante elefantes
person f persona personas: gente
man m hombre hombres: señor
woman f mujer mujeres: señora
boy m niño niños: muchacho
girl f niña niñas: muchacha
robot m robot robots
snowman m muñeco_de_nieve muñecos_de_nieve
apple f manzana manzanas
orange f naranja naranjas: mandarina
lemon m limón limones
banana m plátano plátanos: banana bananas
pear f pera peras
cherry f cereza cerezas
strawberry f fresa fresas
tomato m jitomate jitomates: tomate tomates
carrot f zanahoria zanahorias
onion f cebolla cebollas
grape f uva uvas
bread m pan panes
pot f olla ollas
pan m sartén sartenes
soup f sopa sopas
pancake m panqueque panqueques: hotcakes hotcake
bowl m tazón tazones: cuenco
cup f taza tazas: café té
bottle f botella botellas: vino
cake m pastel pasteles: tarta
vase m florero floreros: jarrón
book m libro libros
sofa m sofá sofás: sillón
chair f silla sillas
lamp f lámpara lámparas
table f mesa mesas
bed f cama camas
shelf m estante estantes: librero repisa
plant f planta plantas: maceta
circle m círculo círculos
square m cuadrado cuadrados
heart m corazón corazones
sea m mar mares: océano lago lagos agua estanque bahía
beach f playa playas: costa orilla
river m río ríos: arroyo
mountains f montaña montañas: sierra cumbre
hills f colina colinas: cerro valle
city f ciudad ciudades: calle
forest m bosque bosques
desert m desierto desiertos
meadow f pradera praderas: prado campo pasto césped
room m cuarto cuartos: sala habitación salón
underwater m arrecife arrecifes: bajo_el_agua debajo_del_agua acuario
space m espacio espacio: galaxia universo cosmos
sky m cielo cielos
wall f pared paredes: muro
background m fondo fondos
hair m pelo pelos: cabello cabellos
dress m vestido vestidos: camisa
card f tarjeta tarjetas: postal
""",
    stand_ins="""eagle águila águilas; seagull gaviota gaviotas; crow cuervo cuervos;
parrot loro loros; owl búho búhos lechuza; chicken gallina gallinas pollo; penguin pingüino
pingüinos;
bee abeja abejas; hotel hotel hoteles; school escuela escuelas; temple templo templos;
sunflower girasol girasoles; rose rosa rosas; taxi taxi taxis; van camioneta camionetas;
ambulance ambulancia ambulancias; tractor tractor tractores; tram tranvía tranvías;
motorbike motocicleta motocicletas moto; canoe canoa canoas; submarine submarino submarinos;
swan cisne cisnes; dolphin delfín delfines; shark tiburón tiburones; tiger tigre tigres;
lion león leones; wolf lobo lobos; donkey burro burros; zebra cebra cebras; bull toro toros;
goat cabra cabras; child hijo hijos; baby bebé bebés; king rey reyes; prince príncipe príncipes;
princess princesa princesas; queen reina reinas; witch bruja brujas; mermaid sirena sirenas;
mother madre madres mamá; father padre padres papá; grandmother abuela abuelas;
grandfather abuelo abuelos; astronaut astronauta astronautas; pirate pirata piratas;
knight caballero caballeros; wizard mago magos; armchair butaca butacas; bench banca bancas banco;
desk escritorio escritorios; lantern farol faroles; island isla islas; volcano volcán volcanes;
jungle selva selvas; garden jardín jardines; park parque parques; village pueblo pueblos;
kitchen cocina cocinas; bedroom recámara recámaras dormitorio;
christmastree árbol_de_navidad árboles_de_navidad""",
    colours="""red rojo roja; orange naranja anaranjado; yellow amarillo; golden dorado; gold oro;
green verde; turquoise turquesa; blue azul; navy azul_marino; violet violeta; purple morado;
pink rosa rosado; brown café marrón; beige beige; cream crema; white blanco; silver plateado;
grey gris; black negro; crimson carmesí; cyan cian; salmon salmón""",
    numbers="""1 un uno una; 2 dos par; 3 tres unos unas algunos algunas; 4 cuatro; 5 cinco varios
varias;
6 seis; 7 siete muchos muchas; 8 ocho; 9 nueve; 10 diez; 11 once; 12 doce docena; 20 veinte""",
    groups={
        "size": "big grande gran enorme gigante; small pequeño chico diminuto pequeñito",
        "relation": "on sobre encima; in en dentro_de; behind detrás_de detrás_del atrás_de; "
        "in_front_of delante_de delante_del frente_a frente_al ante; above encima_de "
        "encima_del arriba_de por_encima_de; under bajo debajo_de debajo_del abajo_de; "
        "beside junto_a junto_al al_lado_de al_lado_del cerca_de; left_of a_la_izquierda_de "
        "a_la_izquierda_del; right_of a_la_derecha_de a_la_derecha_del",
        "side": "left izquierda a_la_izquierda; right derecha a_la_derecha; "
        "middle centro en_medio al_centro; top arriba; bottom abajo",
        "sky": "night noche de_noche nocturno estrellado; dawn amanecer alba mañana madrugada; "
        "evening atardecer tarde anochecer puesta_de_sol crepúsculo ocaso; day día de_día "
        "mediodía; rain lluvia lluvioso llueve; snow nieve nevado nevada nieva invierno; "
        "storm tormenta tormentoso; fog niebla neblina; rainbow arcoíris arco_iris; "
        "overcast nublado; sunny soleado",
        "act": "paint pinta píntame dibuja dibújame muestra muéstrame crea; "
        "add agrega añade agrégale añádele incluye; put pon ponle coloca pone; remove quita "
        "elimina borra quítale saca; make haz hazlo hazla pásalo vuelve cambia convierte colorea "
        "que_sea; bigger más_grande agranda; smaller más_pequeño más_chico achica; "
        "more más otro otra; move mueve desplaza; replace reemplaza sustituye; "
        "undo deshacer deshaz regresa atrás; first la_primera el_primero original; "
        "again otra_vez de_nuevo nuevamente; restart empezar_de_nuevo empieza_de_nuevo "
        "borra_todo desde_cero; help ayuda ayúdame qué_puedes_hacer quién_eres; "
        "hello hola buenos_días buenas_tardes buenas_noches; thanks gracias; "
        "question qué_es qué_muestra qué_ves qué_hay cuántos cuántas de_qué_color",
        "edit": "greyscale escala_de_grises blanco_y_negro; sepia sepia; invert invierte invertir "
        "negativo; brighter más_claro más_brillante aclara más_luz; darker más_oscuro oscurece; "
        "warmer más_cálido; cooler más_frío; more_contrast más_contraste; less_contrast "
        "menos_contraste; vivid más_vivo colores_más_vivos; blur desenfoca difumina borroso; "
        "sharpen enfoca más_nítido nítido; cartoon caricatura historieta; pixelate pixela "
        "pixelado; "
        "vignette viñeta; flip voltea refleja espejo; rotate gira rota; crop recorta recórtalo; "
        "border marco borde; caption leyenda texto escribe título; square formato_cuadrado",
        "shade": "light claro clara claros claras; dark oscuro oscura oscuros oscuras",
        "word": "and y e además también; then luego después; without sin ningún ninguna; "
        "the el la los las lo al del; it lo_de; with con; picture imagen foto cuadro dibujo; "
        "birthday cumpleaños; - por por_favor me ahora muy de a que es está están son hay color "
        "de_color quiero quisiera luz para grados lado se su mi ella él le con_luz_de bonito "
        "ponme todo sea pero",
    },
    lands={
        "sea": "junto al agua", "beach": "en la playa", "river": "junto a un río",
        "mountains": "ante montañas", "hills": "entre colinas", "city": "en la ciudad",
        "forest": "en un bosque", "desert": "en el desierto", "meadow": "en una pradera",
        "room": "en un cuarto", "underwater": "bajo el agua", "space": "en el espacio",
    },
    times={"day": "de día", "dawn": "al amanecer", "evening": "con luz de atardecer",
           "night": "de noche"},
    weather={"rain": "lluvia", "snow": "nieve", "storm": "una tormenta", "fog": "niebla",
             "rainbow": "un arcoíris", "overcast": "cielo gris", "stars": "estrellas"},
    relations={"on": "sobre", "in": "en", "behind": "detrás de", "before": "delante de",
               "left": "a la izquierda de", "right": "junto a", "above": "por encima de",
               "under": "debajo de"},
    endings=("es", "os", "as", "s", "o", "a"),
    adjectives_follow=True,
)  # fmt: skip
